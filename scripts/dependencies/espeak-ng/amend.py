#!/usr/bin/env python3
"""Copies espeak-ng's sources, amended, to the build's folder.

espeak-ng bounds few of its copies and looks before the first phoneme of a
clause: some texts would end a server or stop a page. What is amended here is
what fuzzing under AddressSanitizer met (tests/fuzz/speech.cpp); no sentence
sounds different for it.

usage: amend.py LIBRARY_FOLDER OUTPUT_FOLDER
"""
import re
import sys
from pathlib import Path

# Scratch buffers that the longest clause (800 bytes) must not fill (sbuf bounds a loop).
WIDENED = ["dictionary.c", "numbers.c", "translate.c", "translateword.c", "readclause.c"]
WIDEN_FACTOR = 16
SCRATCH = r"\t+(?:unsigned )?char (?!sbuf)\w+|static char \w+|(?:extern )?char word_phonemes"

# (file, what it says, what it shall say): each must be there.
AMENDMENTS = [
    # InterpretPhoneme looks back as far as the last start of a word, and up to
    # two phonemes before the first; CalcLengths and Generate look up to four
    # beyond the last. So both lists are padded with pauses.
    ("phonemelist.c",
     "\tPHONEME_LIST ph_list3[N_PHONEME_LIST];\n",
     "\tPHONEME_LIST padded[4 + N_PHONEME_LIST + 4];\n\tPHONEME_LIST *const ph_list3 = padded + 4;\n"),
    ("phonemelist.c",
     "\tphlist = phoneme_list;\n",
     "\tphlist = phoneme_list;\n"
     "\tmemset(padded, 0, sizeof(padded));\n"
     "\tfor (j = 0; j < 4 + N_PHONEME_LIST + 4; j++)\n\t\tpadded[j].ph = phoneme_tab[phonPAUSE];\n"
     "\tfor (j = 0; j < 4; j++) {\n\t\tpadded[j].phcode = phonPAUSE;\n\t\tpadded[j].sourceix = 1;\n"
     "\t\tphlist[j - 4] = padded[j];\n\t}\n"),
    # The table of one language has no entry for some phonemes of another, and
    # kept those of a third: they are silent, with a name that no text has.
    ("synthdata.c",
     "\tSetUpPhonemeTable(number); // recursively for included phoneme tables\n",
     "\tmemset(phoneme_tab, 0, sizeof(phoneme_tab));\n\tSetUpPhonemeTable(number);\n"
     "\tstatic PHONEME_TAB silent = { .mnemonic = 0x7fffff5f, .code = phonPAUSE, .type = phPAUSE };\n"
     "\tfor (int ix = 1; ix < N_PHONEME_TAB; ix++)\n"
     "\t\tif (phoneme_tab[ix] == NULL)\n\t\t\tphoneme_tab[ix] = &silent;\n"),
    ("synthesize.h", "PHONEME_LIST phoneme_list[N_PHONEME_LIST+1];", "PHONEME_LIST *const phoneme_list;"),
    ("synthesize.c",
     "PHONEME_LIST phoneme_list[N_PHONEME_LIST+1];",
     "static PHONEME_LIST padded[4 + N_PHONEME_LIST + 9];\nPHONEME_LIST *const phoneme_list = padded + 4;"),
    ("phonemelist.c",
     "\tn_phoneme_list = ix;\n",
     "\tn_phoneme_list = ix;\n\tfor (j = 0; j < 6; j++)\n\t\tphlist[ix + j] = phlist[ix - 1];\n"),
    ("translate.c", "\tphoneme_list[N_PHONEME_LIST].ph = NULL;", "\tphoneme_list[N_PHONEME_LIST].ph = phoneme_tab[phonPAUSE];"),
    # Tables of 10 by 10, and phonemes whose length_mod is greater than 9.
    ("setlengths.c", "length_mods0[next2type *10+ next->ph->length_mod]", "length_mods0[LAST_OF_100(next2type *10+ next->ph->length_mod)]"),
    ("setlengths.c", "length_mods0[next->ph->length_mod *10+ 1]", "length_mods0[LAST_OF_100(next->ph->length_mod *10+ 1)]"),
    ("setlengths.c", "length_mods[next2type *10+ next->ph->length_mod]", "length_mods[LAST_OF_100(next2type *10+ next->ph->length_mod)]"),
    ("setlengths.c", '#include "config.h"\n', '#include "config.h"\n#define LAST_OF_100(ix) ((ix) > 99 ? 99 : (ix))\n'),
    # The language of a letter's alphabet may have no dictionary here.
    ("dictionary.c",
     "\tlookup_symbol = flags[1] & FLAG_LOOKUP_SYMBOL;\n",
     "\tlookup_symbol = flags[1] & FLAG_LOOKUP_SYMBOL;\n"
     "\tif (tr->data_dictlist == NULL) {\n\t\t*flags = 0;\n\t\treturn 0;\n\t}\n"),
    # The rules look back as far as a zero byte, and beyond by a letter or two.
    ("translate.c",
     "\t\tword[0] = 0;\n\t\tword[1] = ' ';\n\t\tstrcpy(word+2, word_out);\n\t\tword_out = word+2;\n",
     "\t\tmemset(word, 0, 64);\n\t\tword[65] = ' ';\n\t\tword[64] = 0;\n"
     "\t\tstrcpy(word+66, word_out);\n\t\tword_out = word+66;\n"),
    ("dictionary.c", "\t\t\t\tw--;\n\t\t\t\tif (*w == 0)\n", "\t\t\t\tif (*w != 0)\n\t\t\t\t\tw--;\n\t\t\t\tif (*w == 0)\n"),
    ("numbers.c",
     "\tchar single_letter[10] = { 0, 0 };\n",
     "\tchar letter_room[128] = { 0 };\n\tchar *const single_letter = letter_room + 64;\n"),
    ("numbers.c",
     "\tchar single_letter[10];\n",
     "\tchar letter_room[128] = { 0 };\n\tchar *const single_letter = letter_room + 64;\n"),
    ("translate.c",
     "\t\tchar number_buf[150];\n",
     "\t\tstruct { char zeros[64]; char digits[150]; char after[64]; } number_room = { 0 };\n"
     "#define number_buf number_room.digits\n"),
    ("translateword.c",
     "\t\t\tchar hangul_buf[12];\n",
     "\t\t\tchar hangul_room[64 + 12] = { 0 };\n\t\t\tchar *const hangul_buf = hangul_room + 64;\n"),
    ("translateword.c", "word_zz[4] = { ' ', 'z', 'z', 0 };", "zz[80] = { [64] = ' ', 'z', 'z' }, *const word_zz = zz + 64;"),
    ("translateword.c", "word_iz[4] = { ' ', 'i', 'z', 0 };", "iz[80] = { [64] = ' ', 'i', 'z' }, *const word_iz = iz + 64;"),
    ("translateword.c", "word_ss[4] = { ' ', 's', 's', 0 };", "ss[80] = { [64] = ' ', 's', 's' }, *const word_ss = ss + 64;"),
    # A text may end where a space is looked for.
    ("dictionary.c", "while (letter_w != RULE_SPACE) {", "while (letter_w != RULE_SPACE && letter_w != 0) {"),
    ("translate.c", "while (!isspace(*word_out)) ++word_out;", "while (*word_out && !isspace(*word_out)) ++word_out;"),
    ("dictionary.c",
     "for (p = pre_ptr; *p != ' '; p--) {\n\t\t\t\t\t\tif (*p == '.') {\n\t\t\t\t\t\t\tadd_points = 50;\n"
     "\t\t\t\t\t\t\tbreak;\n\t\t\t\t\t\t}\n\t\t\t\t\t}\n\t\t\t\t\tif (*p == ' ')\n",
     "for (p = pre_ptr; *p != ' ' && *p != 0; p--) {\n\t\t\t\t\t\tif (*p == '.') {\n\t\t\t\t\t\t\tadd_points = 50;\n"
     "\t\t\t\t\t\t\tbreak;\n\t\t\t\t\t\t}\n\t\t\t\t\t}\n\t\t\t\t\tif (*p != '.')\n"),
    # A long number may come apart into as many words as it has characters.
    ("translate.c", "\t\tWORD_TAB num_wtab[50];", "\t\tWORD_TAB num_wtab[200] = { 0 };"),
    ("translate.c", "while (*pw++ != ' ')", "while (pw < pn && *pw++ != ' ')"),
    # One word each: any number of zeros after a decimal sign, any number of prefixes.
    ("numbers.c",
     "while (word[n_digits] == '0') {",
     "while (word[n_digits] == '0' && strlen(ph_out) < N_WORD_PHONEMES) {"),
    ("translateword.c",
     "\t\t\t\t\tstrcat(prefix_phonemes, end_phonemes);\n",
     "\t\t\t\t\tAppendPhonemes(tr, prefix_phonemes, N_WORD_PHONEMES, end_phonemes);\n"),
]

# The variables of wavegen.c's functions, where wavegen_reset.c reaches them.
HOISTED = ["Flutter_ix = 0", "agc = 256", "h_switch_sign = 0", "cycle_count = 0", "amplitude2 = 0", "maxh, maxh2"]


def replaced(text, old, new, name):
    if old not in text:
        sys.exit(f'{name} has no "{old}": this recipe is for espeak-ng 1.52.0')
    return text.replace(old, new)


def amended(name, text):
    for file, old, new in AMENDMENTS:
        if file == name:
            text = replaced(text, old, new, name)
    if name in WIDENED:
        text, count = re.subn(rf"(?m)^({SCRATCH})\[([\w+ ]+)\];", rf"\g<1>[{WIDEN_FACTOR} * (\g<2>)];", text)
        if count == 0:
            sys.exit(f"{name} has no scratch buffers: this recipe is for espeak-ng 1.52.0")
    if name == "wavegen.c":
        for variable in HOISTED:
            text = replaced(text, f"\tstatic int {variable};", "", name)
        mark = "static voice_t *wvoice = NULL;"
        hoisted = "".join(f"static int {variable};\n" for variable in HOISTED)
        text = replaced(text, mark, f"{mark}\n{hoisted}", name)
        text += (Path(__file__).parent / "wavegen_reset.c").read_text()
    return text


def main():
    library, output = Path(sys.argv[1]), Path(sys.argv[2])
    output.mkdir(parents=True, exist_ok=True)
    for source in sorted(library.glob("*.[ch]")):
        (output / source.name).write_text(amended(source.name, source.read_text()))


main()
