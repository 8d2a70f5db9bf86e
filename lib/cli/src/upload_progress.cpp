#include "upload_progress.hpp"

#include <ostream>

#include "agentpipe/base/text.hpp"

namespace agentpipe::cli {
namespace {

constexpr std::size_t k_width = 30;

}  // namespace

void ProgressLine::draw(std::size_t files, std::uint64_t sessions) {
  if (show_ == Show::nothing) return;
  const auto full = total_ == 0 ? k_width : files * k_width / total_;
  err_ << k_erase_line << '[' << std::string(full, '#') << std::string(k_width - full, '.') << "] "
       << base::group_digits(files) << '/' << base::group_digits(total_) << " files, "
       << base::counted(sessions, "session") << std::flush;
  drawn_ = true;
}

void ProgressLine::say(std::string_view text) {
  constexpr std::size_t k_most = 78;  // a line that is wrapped cannot be erased
  if (show_ == Show::nothing) return;
  err_ << k_erase_line << base::one_line(text, k_most) << std::flush;
  drawn_ = true;
}

void ProgressLine::clear() {
  if (drawn_) err_ << k_erase_line << std::flush;
  drawn_ = false;
}

}  // namespace agentpipe::cli
