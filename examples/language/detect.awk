# Names the language of each line: en, de, fr or es.
#
#   echo "Wo ist der Bahnhof?" | awk -f detect.awk
#
# Each small word and each ending of a word votes for a language with a weight.

BEGIN {
    WORD = 1.0        # weight of a whole small word
    ENDING = 0.4      # weight of a word's ending
    LETTER = 0.5      # weight of a letter that others seldom have
    SHORTEST = 4      # endings count in words of at least so many letters

    vote("en", "the and of is to with are this", WORD)
    vote("de", "der die das und ist nicht ein mit", WORD)
    vote("fr", "le la les et est de un une", WORD)
    vote("es", "el la los y es de un una", WORD)

    ends("en", "ing ed ly")
    ends("de", "en er ung")
    ends("fr", "ent ez er")
    ends("es", "ar os as")

    marks("de", "ß ü ä ö")
    marks("fr", "è ç ê à")
    marks("es", "ñ ¿ á í")

    split("en de fr es", LANGUAGES, " ")
}

function vote(language, words, weight,    list, n, i) {
    n = split(words, list, " ")
    for (i = 1; i <= n; i++) weights[language, list[i]] = weight
}

function ends(language, endings,    list, n, i) {
    n = split(endings, list, " ")
    for (i = 1; i <= n; i++) suffixes[language, list[i]] = ENDING
}

function marks(language, letters,    list, n, i) {
    n = split(letters, list, " ")
    for (i = 1; i <= n; i++) letter[language, list[i]] = LETTER
}

{
    text = tolower($0)
    gsub(/[.,;:!?"()]/, " ", text)
    n = split(text, words, " ")
    best = "en"; most = 0
    for (l = 1; l <= 4; l++) {
        language = LANGUAGES[l]
        score = 0
        for (i = 1; i <= n; i++) {
            w = words[i]
            if ((language, w) in weights) score += weights[language, w]
            if (length(w) >= SHORTEST)
                for (size = 2; size <= 3; size++) {
                    tail = substr(w, length(w) - size + 1)
                    if ((language, tail) in suffixes) score += suffixes[language, tail]
                }
        }
        for (key in letter) {
            split(key, part, SUBSEP)
            if (part[1] == language && index(text, part[2])) score += letter[key]
        }
        if (score > most) { most = score; best = language }
    }
    print best
}
