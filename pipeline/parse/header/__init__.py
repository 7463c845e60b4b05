"""The particulars of a document: titles, number, dates, issuing body, place, year."""
