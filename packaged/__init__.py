"""Networks that packages carry: which there are, under which licence, and where their files lie. Knows neither Django
nor a library that could run them, so that pages and workers ask the same place."""
