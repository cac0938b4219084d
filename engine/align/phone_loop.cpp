#include "engine/align/phone_loop.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "engine/align/adaptation.h"
#include "engine/align/phone_sounds.h"
#include "engine/align/sound_model.h"

namespace vivavox {

namespace {

constexpr float impossible = -std::numeric_limits<float>::infinity();

// Logarithms of probabilities, on the scale of the fits.
constexpr float likelihood_scale = 0.25F;
constexpr float stay_in_part = -0.3F;
constexpr float go_on = -0.5F;
constexpr float enter_phone = -4;
constexpr float begin_pause = -4;

/// A normal distribution that is quick to ask.
class QuickGaussian {
 public:
  explicit QuickGaussian(const Gaussian& gaussian) : QuickGaussian(gaussian, gaussian.mean) {}
  QuickGaussian(const Gaussian& gaussian, const Feature& mean) : mean_(mean) {
    for (std::size_t k = 0; k < feature_size; ++k) {
      weights_[k] = -0.5F * likelihood_scale / gaussian.variance[k];
      constant_ -= 0.5F * likelihood_scale * std::log(gaussian.variance[k]);
    }
  }

  /// A scaled log-likelihood.
  float fit(const Feature& feature) const {
    float sum = constant_;
    for (std::size_t k = 0; k < feature_size; ++k) {
      const float off = feature[k] - mean_[k];
      sum += weights_[k] * off * off;
    }
    return sum;
  }

 private:
  Feature mean_;
  Feature weights_{};
  float constant_ = 0;
};

constexpr std::int32_t no_phone = -1;

/// Frames [begin, end) of a phone, by its place in phone_sounds().
struct PhoneStretch {
  std::int32_t phone;
  std::size_t begin, end;
};

/// The end of a phone, and the end before it.
struct Ending {
  std::int32_t phone;
  std::int32_t before;
  std::size_t frame;  ///< one past its last
};

/// A way that is followed: how likely it is, and the phone that ended before.
struct Token {
  float score = impossible;
  std::int32_t before = -1;

  Token with(float cost) const { return {score + cost, before}; }
};

Token better(const Token& a, const Token& b) {
  return a.score >= b.score ? a : b;
}

struct PhoneTokens {
  std::array<QuickGaussian, parts_of_phone> sounds;
  std::array<Token, parts_of_phone> tokens{};
};

class Loop {
 public:
  /// `means`: of all parts of all phones.
  Loop(const Features& features, std::span<const Feature> means)
      : features_(features), pause_sound_(pause_of(features)) {
    for (const PhoneSound& sound : phone_sounds()) {
      const auto quick = [&](std::size_t part) {
        return QuickGaussian(sound.parts[part], means[phones_.size() * parts_of_phone + part]);
      };
      phones_.push_back({{quick(0), quick(1), quick(2), quick(3)}});
    }
  }

  std::vector<PhoneStretch> hear() {
    for (std::size_t frame = 0; frame < features_.size(); ++frame) advance(frame);
    const Token last = leave(features_.size());
    return stretches_up_to(last.before);
  }

 private:
  /// The likeliest way that ends a phone here.
  Token leave(std::size_t frame) {
    if (frame == 0) return {0, -1};
    Token best = pause_token_;
    std::int32_t phone = no_phone;
    for (std::size_t i = 0; i < phones_.size(); ++i) {
      const Token& last = phones_[i].tokens.back();
      if (last.score + go_on <= best.score) continue;
      best = last.with(go_on);
      phone = static_cast<std::int32_t>(i);
    }
    endings_.push_back({phone, best.before, frame});
    return {best.score, static_cast<std::int32_t>(endings_.size()) - 1};
  }

  void advance(std::size_t frame) {
    const Token left = leave(frame);
    const Feature feature = features_[frame];
    for (PhoneTokens& phone : phones_) {
      auto& tokens = phone.tokens;
      for (std::size_t part = tokens.size(); part-- > 0;) {
        const Token entering = part > 0 ? tokens[part - 1].with(go_on) : left.with(enter_phone);
        tokens[part] =
            better(tokens[part].with(stay_in_part), entering).with(phone.sounds[part].fit(feature));
      }
    }
    pause_token_ = better(pause_token_.with(stay_in_part), left.with(begin_pause))
                       .with(pause_sound_.fit(feature));
    lower_scores(best_score());
  }

  float best_score() const {
    float best = pause_token_.score;
    for (const PhoneTokens& phone : phones_) {
      for (const Token& token : phone.tokens) best = std::max(best, token.score);
    }
    return best;
  }

  /// Small numbers keep their decimals, however long the recording is.
  void lower_scores(float best) {
    pause_token_.score -= best;
    for (PhoneTokens& phone : phones_) {
      for (Token& token : phone.tokens) token.score -= best;
    }
  }

  std::vector<PhoneStretch> stretches_up_to(std::int32_t ending) const {
    std::vector<PhoneStretch> stretches;
    for (; ending >= 0; ending = endings_[std::size_t(ending)].before) {
      const Ending& end = endings_[std::size_t(ending)];
      const std::size_t begin = end.before < 0 ? 0 : endings_[std::size_t(end.before)].frame;
      stretches.push_back({end.phone, begin, end.frame});
    }
    std::ranges::reverse(stretches);
    return stretches;
  }

  const Features& features_;
  QuickGaussian pause_sound_;
  std::vector<PhoneTokens> phones_;
  Token pause_token_;
  std::vector<Ending> endings_;
};

/// All parts of all phones as a chain, and how they sound.
Chain chain_of_all() {
  Chain chain;
  for (std::size_t i = 0; i < phone_sounds().size(); ++i) {
    for (std::int32_t part = 0; part < parts_of_phone; ++part) {
      chain.states.push_back({.phone = static_cast<std::int32_t>(i), .part = part});
    }
  }
  chain.states.push_back({});
  return chain;
}

SoundModel model_of_all() {
  SoundModel model;
  std::size_t count = 0;
  for (const PhoneSound& sound : phone_sounds()) {
    for (const Gaussian& part : sound.parts) {
      model.means.push_back(part.mean);
      for (std::size_t k = 0; k < feature_size; ++k) model.variance[k] += part.variance[k];
      ++count;
    }
  }
  for (float& variance : model.variance) variance /= static_cast<float>(count);
  model.means.emplace_back();
  return model;
}

/// The state of each frame, phones in equal parts.
std::vector<std::int32_t> path_of(const std::vector<PhoneStretch>& stretches,
                                  std::int32_t pause_state) {
  std::vector<std::int32_t> path;
  for (const auto& [phone, begin, end] : stretches) {
    for (std::size_t frame = begin; frame < end; ++frame) {
      const auto part = static_cast<std::int32_t>((frame - begin) * parts_of_phone / (end - begin));
      path.push_back(phone == no_phone ? pause_state : phone * parts_of_phone + part);
    }
  }
  return path;
}

}  // namespace

std::vector<HeardPhone> hear_phones(const Features& features) {
  if (features.size() == 0) return {};
  const Chain chain = chain_of_all();
  const SoundModel model = model_of_all();
  const auto first = Loop(features, model.means).hear();
  const auto path = path_of(first, static_cast<std::int32_t>(chain.states.size()) - 1);
  const SoundModel fitting = adapted(model, chain, features, path);
  std::vector<HeardPhone> heard;
  for (const auto& [phone, begin, end] : Loop(features, fitting.means).hear()) {
    const bool is_pause = phone == no_phone;
    heard.push_back(
        {is_pause ? std::string_view() : phone_sounds()[std::size_t(phone)].ipa, begin, end});
  }
  return heard;
}

}  // namespace vivavox
