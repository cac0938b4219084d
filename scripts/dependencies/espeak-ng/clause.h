/* Text to speech clause by clause, over espeak-ng 1.52's internals.
 *
 * espeak-ng's public interface speaks a whole text, or gives the phonemes of a
 * clause without its sound, its terminator or its place in the text; its phone
 * events cut IPA after 8 bytes. This interface gives all of a clause at once.
 *
 * espeak-ng keeps its state in globals: one caller at a time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef VIVAVOX_ESPEAK_CLAUSE_H
#define VIVAVOX_ESPEAK_CLAUSE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum espeak_phone_kind {
  ESPEAK_PHONE_SOUND,
  ESPEAK_PHONE_PAUSE,
  ESPEAK_PHONE_LANGUAGE /* no sound: from here on another language's phonemes */
};

typedef struct {
  char ipa[64]; /* UTF-8 with length, syllabicity and tone, without stress; "(en)" of a language */
  uint8_t kind; /* enum espeak_phone_kind */
  uint8_t stress;          /* 0 none, 1 secondary, 2 primary */
  uint8_t starts_word;     /* position_chars is set */
  uint8_t space_before;    /* a space precedes it in the phoneme string */
  uint32_t position_chars; /* the word's first character, code points from the clause's start */
  int64_t start_samples;   /* from the clause's start; set by espeak_clause_speak */
  int64_t pause_samples;   /* silence right before start_samples that belongs to this phone */
} espeak_phone;

typedef struct {
  size_t
      size_bytes;  /* how much of the text the clause takes, its punctuation and blanks included */
  char terminator; /* . ? ! , : ; or 0 where the clause has no punctuation */
  uint8_t ends_sentence;
  uint8_t abbreviation; /* its last word is an abbreviation and the dot is part of it */
  const espeak_phone* phones;
  size_t phone_count;
} espeak_clause;

/* Loads the phoneme data from the folder; 0, or -1 if it is not there. */
int espeak_clause_open(const char* data_folder);

/* Speaks with the voice file of that path below lang/ from now on, and lets
 * other languages' words use the dictionaries named (and no others), a list
 * of names that ends with a null pointer. 0, or -1 if a file is missing. */
int espeak_clause_set_voice(const char* voice_file, const char* const* dictionaries);

/* Words per minute, 80 to 450, and a pitch from 0 to 99; 50 is the voice's own. */
void espeak_clause_set_prosody(int words_per_minute, int pitch);

/* Translates the first clause of a NUL-terminated UTF-8 text of size bytes
 * without other control characters than blanks. What `clause` points to is
 * valid until the next call. */
void espeak_clause_translate(const char* text, size_t size, espeak_clause* clause);

/* Receives samples in order. */
typedef void espeak_clause_sink(void* context, const int16_t* samples, size_t count);

/* Synthesises the clause translated last and sets the times of its phones. */
void espeak_clause_speak(espeak_clause_sink* sink, void* context);

int espeak_clause_sample_rate(void);

#ifdef __cplusplus
}
#endif

#endif
