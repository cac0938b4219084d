/* Included before every source of espeak-ng: character classes from its own
 * Unicode tables, as upstream's include/compat does, so that glibc, musl and
 * the locale make no difference to what is spoken.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <ctype.h>
#include <stdlib.h>
#include <ucd/ucd.h>
#include <wchar.h>
#include <wctype.h>

#undef iswalnum
#undef iswalpha
#undef iswblank
#undef iswcntrl
#undef iswdigit
#undef iswgraph
#undef iswlower
#undef iswprint
#undef iswpunct
#undef iswspace
#undef iswupper
#undef iswxdigit
#undef towlower
#undef towupper
#define iswalnum ucd_isalnum
#define iswalpha ucd_isalpha
#define iswblank ucd_isblank
#define iswcntrl ucd_iscntrl
#define iswdigit ucd_isdigit
#define iswgraph ucd_isgraph
#define iswlower ucd_islower
#define iswprint ucd_isprint
#define iswpunct ucd_ispunct
#define iswspace ucd_isspace
#define iswupper ucd_isupper
#define iswxdigit ucd_isxdigit
#define towlower ucd_tolower
#define towupper ucd_toupper
