"""What a person is told, in the person's language.

Code says plain text in one language, English or Chinese; records keep it so. What is shown is found
in a catalogue by its template: "holds 3 plans" matches "holds {found} plans", whose translation is
filled with the same values.
"""
