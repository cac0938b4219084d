/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clause.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

// clang-format off: espeak-ng's headers need this order
#include <espeak-ng/espeak_ng.h>
#include <espeak-ng/speak_lib.h>
#include <espeak-ng/encoding.h>

#include "common.h"
#include "dictionary.h"
#include "intonation.h"
#include "phoneme.h"
#include "readclause.h"
#include "setlengths.h"
#include "synthdata.h"
#include "synthesize.h"
#include "speech.h"
#include "translate.h"
#include "voice.h"
#include "wavegen.h"
// clang-format on

enum { N_BUFFER_SAMPLES = 4096 };

void espeak_clause_reset_wavegen(void); /* in wavegen_reset.c */

static espeak_phone phones[N_PHONEME_LIST];
static size_t phone_count;
static int clause_tone;

static int16_t buffer[N_BUFFER_SAMPLES];
static int64_t samples_before_buffer;
static size_t next_marked; /* the next phone whose marker will sound */
static size_t next_queued; /* the next phone whose marker will be queued */
static int scanned_tail;   /* how far the command queue was read */

static const char* const* allowed_dictionaries;
static int rate_wpm = espeakRATE_NORMAL;
static int pitch = 50;

int espeak_clause_open(const char* data_folder) {
  espeak_ng_InitializePath(data_folder);
  if (espeak_ng_Initialize(NULL) != ENS_OK) return -1;
  if (p_decoder == NULL) p_decoder = create_text_decoder();
  option_phoneme_events = espeakINITIALIZE_PHONEME_EVENTS | espeakINITIALIZE_PHONEME_IPA;
  return 0;
}

int espeak_clause_sample_rate(void) {
  return samplerate;
}

/* translate.c is compiled to call this in place of LoadDictionary: a word in
 * another language must sound the same whatever else lies in the data folder. */
int espeak_clause_load_dictionary(Translator* tr, const char* name, int no_error) {
  for (const char* const* allowed = allowed_dictionaries; allowed && *allowed; allowed++) {
    if (strcmp(*allowed, name) == 0) return LoadDictionary(tr, name, no_error);
  }
  return 1;
}

int espeak_clause_set_voice(const char* voice_file, const char* const* dictionaries) {
  espeak_VOICE selector;

  allowed_dictionaries = dictionaries;
  DeleteTranslator(translator2);
  translator2 = NULL;
  DeleteTranslator(translator3);
  translator3 = NULL;
  if (LoadVoice(voice_file, 1) == NULL || translator->data_dictlist == NULL) return -1;
  memset(&selector, 0, sizeof(selector));
  selector.name = voice_file;
  selector.languages = voice->language_name;
  SetVoiceStack(&selector, "");
  return 0;
}

void espeak_clause_set_prosody(int words_per_minute, int pitch_) {
  rate_wpm = words_per_minute;
  pitch = pitch_;
}

static char terminator_character(int terminator) {
  switch (terminator & (CLAUSE_PAUSE | CLAUSE_INTONATION_TYPE | CLAUSE_TYPE)) {
    case CLAUSE_PERIOD:
      return '.';
    case CLAUSE_QUESTION:
      return '?';
    case CLAUSE_EXCLAMATION:
      return '!';
    case CLAUSE_COMMA:
      return ',';
    case CLAUSE_COLON:
      return ':';
    case CLAUSE_SEMICOLON:
      return ';';
    default:
      return 0;
  }
}

static uint8_t stress_of(const PHONEME_LIST* p) {
  if (!(p->synthflags & SFLAG_SYLLABLE) || p->stresslevel <= 1) return 0;
  return p->stresslevel > STRESS_IS_SECONDARY ? 2 : 1;
}

/* The phoneme as GetTranslatedPhonemeString writes it. */
static void write_ipa(char* out, PHONEME_LIST* p) {
  out = WritePhMnemonic(out, p->ph, p, espeakPHONEMES_IPA, NULL);
  if (p->ph->code == phonSWITCH) return;
  if (p->synthflags & SFLAG_LENGTHEN)
    out = WritePhMnemonic(out, phoneme_tab[phonLENGTHEN], p, espeakPHONEMES_IPA, NULL);
  if ((p->synthflags & SFLAG_SYLLABLE) && p->type != phVOWEL)
    out = WritePhMnemonic(out, phoneme_tab[phonSYLLABIC], p, espeakPHONEMES_IPA, NULL);
  if (p->tone_ph > 0) WritePhMnemonic(out, phoneme_tab[p->tone_ph], p, espeakPHONEMES_IPA, NULL);
}

static void describe(espeak_phone* phone, PHONEME_LIST* p) {
  memset(phone, 0, sizeof(*phone));
  write_ipa(phone->ipa, p);
  phone->kind = p->ph->code == phonSWITCH ? ESPEAK_PHONE_LANGUAGE
                : p->type == phPAUSE      ? ESPEAK_PHONE_PAUSE
                                          : ESPEAK_PHONE_SOUND;
  phone->stress = stress_of(p);
  if (p->newword & PHLIST_START_OF_WORD) {
    const int position = p->sourceix & 0x7ff; /* counts from 1 */
    phone->starts_word = 1;
    phone->position_chars = position > 0 ? position - 1 : 0;
    phone->space_before = !(p->newword & (PHLIST_START_OF_SENTENCE | PHLIST_START_OF_CLAUSE));
  }
}

/* One entry for each phoneme that Generate() marks with an event. */
static void list_phones(void) {
  phone_count = 0;
  for (int ix = 1; ix < n_phoneme_list && ix < N_PHONEME_LIST - 2; ix++) {
    if (phoneme_list[ix].ph->code != phonEND_WORD)
      describe(&phones[phone_count++], &phoneme_list[ix]);
  }
}

/* What ReadClause took. At the end of the text it has put nothing back (or the
 * NUL); before, it has always read one character too far. */
static size_t consumed_bytes(const char* text, size_t size) {
  const char* end = text_decoder_get_buffer(p_decoder);
  if (end == NULL) return size;
  do {
    end--;
  } while (end > text && (*end & 0xC0) == 0x80);
  return end - text;
}

void espeak_clause_translate(const char* text, size_t size, espeak_clause* clause) {
  int terminator;
  char* voice_change;

  /* Each clause is spoken from a state that depends on nothing before it. */
  WcmdqStop();
  espeak_clause_reset_wavegen();
  espeak_srand(0);
  InitText(0);
  SetParameter(espeakRATE, rate_wpm, 0);
  SetParameter(espeakPITCH, pitch, 0);
  SelectPhonemeTable(voice->phoneme_tab_ix);
  text_decoder_decode_string(p_decoder, text, (int)size + 1, ESPEAKNG_ENCODING_UTF_8);

  TranslateClauseWithTerminator(translator, &clause_tone, &voice_change, &terminator);

  list_phones();
  clause->size_bytes = consumed_bytes(text, size);
  clause->terminator = terminator_character(terminator);
  clause->ends_sentence = (terminator & CLAUSE_TYPE_SENTENCE) != 0;
  /* TranslateClause has no intonation 4 but for "Dr." and the like. */
  clause->abbreviation = clause_tone == 4 && (terminator & CLAUSE_DOT_AFTER_LAST_WORD) != 0;
  clause->phones = phones;
  clause->phone_count = phone_count;
}

static bool is_phone_marker(int ix) {
  return (wcmdq[ix][0] & 0xff) == WCMD_MARKER && (wcmdq[ix][0] >> 8) == espeakEVENT_PHONEME;
}

/* Reads the commands that were queued since the last time for the pause right
 * before each phone: a stop's closure, or a gap between words. */
static void scan_queue(void) {
  for (; scanned_tail != wcmdq_tail; scanned_tail = (scanned_tail + 1) % N_WCMDQ) {
    const int before = (scanned_tail + N_WCMDQ - 1) % N_WCMDQ;
    if (!is_phone_marker(scanned_tail) || next_queued >= phone_count) continue;
    espeak_phone* phone = &phones[next_queued++];
    if ((wcmdq[before][0] & 0xff) == WCMD_PAUSE) phone->pause_samples = wcmdq[before][1];
  }
}

/* wavegen.c is compiled to call this in place of MarkerEvent, whose list of
 * events is limited and whose time is that of another buffer. */
void espeak_clause_marker(int type, unsigned int position, int value, int value2,
                          unsigned char* out) {
  (void)position, (void)value, (void)value2;
  if (type == espeakEVENT_PHONEME && next_marked < phone_count)
    phones[next_marked++].start_samples =
        samples_before_buffer + (out - (unsigned char*)buffer) / 2;
}

void espeak_clause_speak(espeak_clause_sink* sink, void* context) {
  samples_before_buffer = 0;
  next_marked = next_queued = 0;

  DoVoiceChange(voice);
  scanned_tail = wcmdq_tail;
  CalcPitches(translator, clause_tone);
  CalcLengths(translator);
  int waiting = Generate(phoneme_list, &n_phoneme_list, 0);
  for (;;) {
    scan_queue();
    out_ptr = (unsigned char*)buffer;
    out_end = out_ptr + sizeof(buffer);
    WavegenFill();
    const size_t count = (out_ptr - (unsigned char*)buffer) / 2;
    sink(context, buffer, count);
    samples_before_buffer += count;
    if (!waiting && WcmdqUsed() == 0) break;
    if (waiting) waiting = Generate(phoneme_list, &n_phoneme_list, 1);
  }
  for (; next_marked < phone_count; next_marked++)
    phones[next_marked].start_samples = samples_before_buffer;
}
