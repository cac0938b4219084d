// Recordings with their texts, as lists of lines name them.
#pragma once

#include <istream>
#include <optional>
#include <string>
#include <vector>

#include "engine/speech/espeak_request.h"

namespace vivavox {

/// The parts of a line between tabs.
std::vector<std::string> fields_of(const std::string& line);

/// A file of 32-bit floats.
std::vector<float> floats_of(const std::string& file);

/// A text whole, read by an espeak voice; empty where it cannot.
SpeechClause read(EspeakEngine& engine, const std::string& text, const std::string& voice);

}  // namespace vivavox
