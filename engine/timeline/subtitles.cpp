#include "engine/timeline/subtitles.h"

#include <cmath>
#include <format>
#include <string_view>

#include "engine/text/utf8.h"

namespace vivavox {

namespace {

/// Words [begin, end) that are shown together.
struct Cue {
  std::size_t begin = 0, end = 0;
};

/// Where what is shown of a word begins: with a quote or bracket that is written before it.
std::size_t shown_from(const Timeline& timeline, std::size_t word) {
  if (word == timeline.words.size()) return timeline.text.size();
  const std::size_t begin = timeline.words[word].begin_bytes;
  const std::size_t before = word == 0 ? 0 : timeline.words[word - 1].end_bytes;
  const std::string_view between = std::string_view(timeline.text).substr(before, begin - before);
  const std::size_t blank = between.find_last_of(" \t\r\n");
  if (blank == between.npos) return word == 0 ? 0 : begin;
  return before + blank + 1;
}

/// What is shown of the words [word, next).
std::string_view text_from(const Timeline& timeline, std::size_t word, std::size_t next) {
  const std::size_t begin = shown_from(timeline, word);
  const std::string_view text =
      std::string_view(timeline.text).substr(begin, shown_from(timeline, next) - begin);
  return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

bool ends_sentence(std::string_view text) {
  for (const std::string_view mark : {".", "!", "?", "…", "。", "！", "？"}) {
    if (text.ends_with(mark)) return true;
  }
  return false;
}

std::vector<Cue> cues_of(const Timeline& timeline) {
  constexpr std::size_t most_units = 84;
  constexpr double longest_s = 7, pause_s = 0.6;
  std::vector<Cue> cues;
  const auto& words = timeline.words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    bool is_new = cues.empty();
    if (!is_new) {
      const Word& first = words[cues.back().begin];
      const Word& before = words[i - 1];
      is_new = ends_sentence(text_from(timeline, i - 1, i)) ||
               timeline.seconds(words[i].start_samples - before.end_samples) >= pause_s ||
               timeline.seconds(words[i].end_samples - first.start_samples) > longest_s ||
               utf16_length(text_from(timeline, cues.back().begin, i + 1)) > most_units;
    }
    if (is_new) cues.push_back({i, i});
    cues.back().end = i + 1;
  }
  return cues;
}

/// hours:minutes:seconds, with three decimals after `mark`.
std::string clock_time(double seconds, char mark) {
  const auto ms = std::llround(seconds * 1000);
  return std::format("{:02}:{:02}:{:02}{}{:03}", ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60,
                     mark, ms % 1000);
}

std::string span_of(const Timeline& timeline, Cue cue, char mark) {
  const Word& first = timeline.words[cue.begin];
  const Word& last = timeline.words[cue.end - 1];
  return clock_time(timeline.seconds(first.start_samples), mark) + " --> " +
         clock_time(timeline.seconds(last.end_samples), mark) + "\n";
}

/// One line: a blank one would end the cue.
std::string on_one_line(std::string_view text) {
  std::string line;
  for (const char byte : text) {
    const bool is_blank = byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
    if (!is_blank) line += byte;
    if (is_blank && !line.empty() && line.back() != ' ') line += ' ';
  }
  return line;
}

std::string with_entities(std::string_view text) {
  std::string escaped;
  for (const char byte : text) {
    if (byte == '&') {
      escaped += "&amp;";
    } else if (byte == '<') {
      escaped += "&lt;";
    } else if (byte == '>') {
      escaped += "&gt;";
    } else {
      escaped += byte;
    }
  }
  return escaped;
}

struct Interval {
  double start_s, end_s;
  std::string_view label;
};

std::string tier(int number, std::string_view name, double end_s,
                 const std::vector<Interval>& intervals) {
  std::string text = std::format(
      "    item [{}]:\n        class = \"IntervalTier\"\n        name = \"{}\"\n"
      "        xmin = 0\n        xmax = {:.6f}\n        intervals: size = {}\n",
      number, name, end_s, intervals.size());
  for (std::size_t i = 0; i < intervals.size(); ++i) {
    std::string label;
    for (const char byte : intervals[i].label) label += byte == '"' ? "\"\"" : std::string{byte};
    text += std::format(
        "        intervals [{}]:\n            xmin = {:.6f}\n            xmax = {:.6f}\n"
        "            text = \"{}\"\n",
        i + 1, intervals[i].start_s, intervals[i].end_s, label);
  }
  return text;
}

/// Praat takes no gaps and no intervals without length.
void add_interval(std::vector<Interval>& intervals, double end_s, std::string_view label) {
  const double start_s = intervals.empty() ? 0 : intervals.back().end_s;
  if (end_s > start_s) intervals.push_back({start_s, end_s, label});
}

}  // namespace

std::string to_srt(const Timeline& timeline) {
  std::string srt;
  std::size_t number = 0;
  for (const Cue cue : cues_of(timeline)) {
    srt += std::to_string(++number) + "\n" + span_of(timeline, cue, ',') +
           on_one_line(text_from(timeline, cue.begin, cue.end)) + "\n\n";
  }
  return srt;
}

std::string to_vtt(const Timeline& timeline) {
  std::string vtt = "WEBVTT\n\n";
  for (const Cue cue : cues_of(timeline)) {
    vtt += span_of(timeline, cue, '.');
    for (std::size_t i = cue.begin; i < cue.end; ++i) {
      if (i > cue.begin) {
        vtt += " <" + clock_time(timeline.seconds(timeline.words[i].start_samples), '.') + ">";
      }
      vtt += with_entities(on_one_line(text_from(timeline, i, i + 1)));
    }
    vtt += "\n\n";
  }
  return vtt;
}

std::string to_textgrid(const Timeline& timeline) {
  std::vector<Interval> words, phones;
  const std::string_view text(timeline.text);
  for (const Word& word : timeline.words) {
    add_interval(words, timeline.seconds(word.start_samples), "");
    add_interval(words, timeline.seconds(word.end_samples),
                 text.substr(word.begin_bytes, word.end_bytes - word.begin_bytes));
  }
  add_interval(words, timeline.duration_s(), "");
  for (const Phone& phone : timeline.phones) {
    add_interval(phones, timeline.seconds(phone.end_samples), phone.ipa);
  }
  add_interval(phones, timeline.duration_s(), "");
  return std::format(
             "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\nxmin = 0\n"
             "xmax = {:.6f}\ntiers? <exists>\nsize = 2\nitem []:\n",
             timeline.duration_s()) +
         tier(1, "words", timeline.duration_s(), words) +
         tier(2, "phones", timeline.duration_s(), phones);
}

}  // namespace vivavox
