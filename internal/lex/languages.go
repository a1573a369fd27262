package lex

func languages() []*Language { return []*Language{python()} }
