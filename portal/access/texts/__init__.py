"""The portal's templates, in the languages the library begins with."""
