"""File formats: one module each, every one with `read(stream) -> Iterator[Item]`.

A reader takes a binary stream positioned at the start of one unpacked file and yields items in file order. It raises
ImportFileError naming the line or record and field for what cannot be taken in whole; it never guesses a sign, a unit
or an encoding. Readers run in a child process with limits (`literature.intake`); they open nothing and fetch nothing.
"""
