"""Lines of printed text: found, straightened, read and put in order."""
