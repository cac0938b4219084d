/* Appended to espeak-ng's wavegen.c, whose variables the next clause would
 * else inherit from the last: the phase of the voice's flutter, its automatic
 * gain, the formants.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
void espeak_clause_reset_wavegen(void) {
  WavegenInit(samplerate, 0);
  Flutter_ix = 0;
  agc = 256;
  h_switch_sign = 0;
  cycle_count = 0;
  amplitude2 = 0;
  maxh = maxh2 = 0;
  hswitch = 0;
  glottal_flag = glottal_reduce = modulation_type = 0;
  amp_ix = amp_inc = 0;
  amplitude_env = NULL;
  end_wave = 0;
  phaseinc = cycle_samples = cbytes = 0;
  samplecount_start = 0;
  memset(peaks, 0, sizeof(peaks));
  memset(peak_harmonic, 0, sizeof(peak_harmonic));
  memset(peak_height, 0, sizeof(peak_height));
  memset(harm_inc, 0, sizeof(harm_inc));
  memset(hspect, 0, sizeof(hspect));
  memset(rbreath, 0, sizeof(rbreath));
  memset(&wdata, 0, sizeof(wdata));
  wdata.amplitude = 32;
  wdata.amplitude_fmt = 100;
}
