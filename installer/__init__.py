"""Sets up, runs, tests and packages Sallyport with nothing but the standard library."""
