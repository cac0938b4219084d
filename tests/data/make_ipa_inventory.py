#!/usr/bin/env python3
"""Writes ipa_inventory.txt: every IPA string that espeak-ng has for a phoneme.

A phoneme's IPA is what its `ipa` instructions name, or else its mnemonic read
by the rules of WritePhMnemonic() in espeak-ng's dictionary.c.

usage: make_ipa_inventory.py ESPEAK_NG_SOURCE > ipa_inventory.txt
"""
import pathlib
import re
import sys

# dictionary.c: ipa1[96], Kirshenbaum's ASCII to IPA.
IPA1 = {
    '#': 'ʰ', '&': 'æ', "'": 'ˈ', '*': 'ɾ', ',': 'ˌ', '0': 'ɒ', '3': 'ɜ', '8': 'ɵ', ':': 'ː', ';': 'ʲ', '?': 'ʔ',
    '@': 'ə', 'A': 'ɑ', 'B': 'β', 'C': 'ç', 'D': 'ð', 'E': 'ɛ', 'G': 'ɢ', 'H': 'ħ', 'I': 'ɪ', 'J': 'ɟ', 'L': 'ɫ',
    'M': 'ɱ', 'N': 'ŋ', 'O': 'ɔ', 'P': 'Φ', 'Q': 'ɣ', 'R': 'ʀ', 'S': 'ʃ', 'T': 'θ', 'U': 'ʊ', 'V': 'ʌ', 'W': 'œ',
    'X': 'χ', 'Y': 'ø', 'Z': 'ʒ', '[': '̪', 'g': 'ɡ', '~': '̃',
}


def of_mnemonic(mnemonic: str, vowel: bool) -> str:
    ipa = ''
    for place, letter in enumerate(mnemonic):
        if letter == '/' or (place == 0 and letter == '_') or (letter == '#' and vowel):
            break
        if place > 0 and letter.isdigit():
            continue
        ipa += IPA1.get(letter, letter)
    return ipa


def of_instruction(name: str) -> str:
    name = re.sub(r'U\+([0-9A-Fa-f]{4})', lambda code: chr(int(code[1], 16)), name)
    return '' if name == 'NULL' else name


def inventory(phsource: pathlib.Path) -> set[str]:
    found = set()
    for file in phsource.iterdir():
        if not file.is_file() or not file.name.startswith('ph'):
            continue
        text = re.sub(r'//.*', '', file.read_text(encoding='utf-8', errors='ignore'))
        for mnemonic, body in re.findall(r'^phoneme\s+(\S+)(.*?)^endphoneme', text, re.S | re.M):
            named = re.findall(r'\bipa\s+(\S+)', body)
            found.update(of_instruction(name) for name in named)
            kind = set(body.split())
            if not named and not kind & {'stress', 'pause', 'tone', 'virtual'}:
                found.add(of_mnemonic(mnemonic, 'vwl' in kind or 'vowel' in kind))
    return found - {''}


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print('\n'.join(sorted(inventory(pathlib.Path(sys.argv[1]) / 'phsource'))))
