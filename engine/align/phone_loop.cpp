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

  std::vector<HeardPhone> hear() {
    for (std::size_t frame = 0; frame < features_.size(); ++frame) advance(frame);
    const Token last = leave(features_.size());
    return phones_up_to(last.before);
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
  }

  std::vector<HeardPhone> phones_up_to(std::int32_t ending) const {
    std::vector<HeardPhone> heard;
    for (; ending >= 0; ending = endings_[std::size_t(ending)].before) {
      const Ending& end = endings_[std::size_t(ending)];
      const std::size_t begin = end.before < 0 ? 0 : endings_[std::size_t(end.before)].frame;
      const std::string_view ipa =
          end.phone == no_phone ? std::string_view() : phone_sounds()[std::size_t(end.phone)].ipa;
      heard.push_back({ipa, begin, end.frame});
    }
    std::ranges::reverse(heard);
    return heard;
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

std::int32_t index_of(std::string_view ipa) {
  return static_cast<std::int32_t>(std::ranges::find(phone_sounds(), ipa, &PhoneSound::ipa) -
                                   phone_sounds().begin());
}

/// The state of each frame, phones in equal parts.
std::vector<std::int32_t> path_of(const std::vector<HeardPhone>& heard, std::int32_t pause_state) {
  std::vector<std::int32_t> path;
  for (const HeardPhone& phone : heard) {
    for (std::size_t frame = phone.begin; frame < phone.end; ++frame) {
      const auto part = static_cast<std::int32_t>((frame - phone.begin) * parts_of_phone /
                                                  (phone.end - phone.begin));
      path.push_back(phone.ipa.empty() ? pause_state : index_of(phone.ipa) * parts_of_phone + part);
    }
  }
  return path;
}

}  // namespace

std::vector<HeardPhone> hear_phones(const Features& features) {
  if (features.size() == 0) return {};
  const Chain chain = chain_of_all();
  const SoundModel model = model_of_all();
  const auto heard = Loop(features, model.means).hear();
  const auto path = path_of(heard, static_cast<std::int32_t>(chain.states.size()) - 1);
  return Loop(features, adapted(model, chain, features, path).means).hear();
}

}  // namespace vivavox
