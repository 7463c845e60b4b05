"""Find the tasks of a text among its numbered blocks, rows and paragraphs, with the headings above."""
