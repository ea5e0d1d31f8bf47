"""What the language, the libraries and the frameworks around a program do, as values and events."""
