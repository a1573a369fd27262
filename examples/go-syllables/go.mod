module example.invalid/go-syllables

go 1.22
