#pragma once

#include <random>
#include <string>
#include <string_view>

namespace agentpipe::bench {

inline constexpr int k_words = 20'000;

/// Few words are frequent and most are rare, as in real text.
class Words {
 public:
  std::string text(std::size_t bytes) {
    std::string made;
    while (made.size() < bytes) made += word() + ' ';
    return made;
  }
  std::string word() {
    const double share = std::uniform_real_distribution<double>(0, 1)(random_);
    return spelled(static_cast<int>(k_words * share * share * share));
  }
  static std::string spelled(int number) {
    constexpr std::string_view k_syllables = "kalomirasetuvinobepadoreguxihyzafe";
    std::string made;
    for (int left = number * 7919 % 1'000'003 + 289; left > 0; left /= 17)
      made += k_syllables.substr(static_cast<std::size_t>(left % 17) * 2, 2);
    return made;
  }

 private:
  std::mt19937_64 random_{42};
};

}  // namespace agentpipe::bench
