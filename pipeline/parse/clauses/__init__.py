"""Find who is responsible in a text: labels, brackets, sentences, rules, and the names in them."""
