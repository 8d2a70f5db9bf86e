#include "stream_report.hpp"

#include "agentpipe/base/text.hpp"

namespace agentpipe::cli {

namespace {

using base::counted;
using delivery::Line;

std::uint64_t lost(const StreamEnd& end) {
  return end.lost + end.dropped;
}

std::uint64_t spooled(const StreamEnd& end) {
  return end.state.counts.waiting - end.lost;
}

std::string where(const StreamEnd& end) {
  if (end.tally.first_conversation.empty() || end.state.counts.delivered == 0) return {};
  const std::size_t more = end.tally.conversations.size() - 1;
  return ", session " + end.base_url + "/sessions/" + base::percent_encode(end.tally.first_conversation) +
         (more > 0 ? " and " + base::group_digits(more) + " more" : "");
}

std::string refused(const StreamEnd& end) {
  if (end.state.counts.rejected == 0) return {};
  std::string text = "; " + counted(end.state.counts.rejected, "event") + " refused by the server";
  if (const auto& letter = end.state.last_letter) text += " (last: " + letter->reason + ")";
  return text;
}

std::string because(const std::string& trouble) {
  return trouble.empty() ? "" : ": " + trouble;
}

std::string kept(const StreamEnd& end) {
  if (spooled(end) == 0) return {};
  return "; " + counted(spooled(end), "event") + " kept in the spool" + because(end.state.trouble) +
         "; the next run of stream or spool flush delivers " + (spooled(end) == 1 ? "it" : "them");
}

/// Both the server and the disk had to fail.
std::string why_lost(const StreamEnd& end) {
  const bool both = !end.disk_trouble.empty() && !end.state.trouble.empty();
  return end.disk_trouble + (both ? ", and " : "") + end.state.trouble;
}

std::string not_delivered(const StreamEnd& end) {
  if (lost(end) == 0) return {};
  return "; " + counted(lost(end), "event") + " LOST" + because(why_lost(end)) +
         (end.remedy.empty() ? "" : "; " + end.remedy);
}

std::string from_earlier(const StreamEnd& end) {
  if (end.earlier.delivered == 0) return {};
  return "; " + counted(end.earlier.delivered, "event") + " of earlier runs delivered as well";
}

std::string unfinished(const StreamEnd& end) {
  const std::size_t count = end.tally.open.size();
  if (count == 0) return {};
  if (count == 1) return "; the session has not ended (no conversation.completed came)";
  return "; " + counted(count, "session") + " have not ended (no conversation.completed came)";
}

std::string footnotes(const StreamEnd& end) {
  const auto& counts = end.state.counts;
  std::string text = secrets_note(end.tally.secrets);
  if (counts.withheld > 0)
    text += "; " + counted(counts.withheld, "event") + " of types unknown to this server not sent";
  if (counts.shortened > 0)
    text += "; " + counted(counts.shortened, "event") + " shortened to this server's limit";
  if (end.tally.problems > 0)
    text += "; " + counted(end.tally.problems, "place") + " of the input could not be read";
  if (end.too_large > 0) text += "; " + counted(end.too_large, "event") + " too large to be sent";
  // As many digits as nobody else is likely to begin with.
  constexpr std::size_t k_digits = 8;
  if (!end.letters.empty())
    text += " (how that begins: agentpipe-bridge spool inspect " + end.letters.substr(0, k_digits) + ")";
  return text;
}

}  // namespace

bool accounted(const StreamEnd& end) {
  const auto& counts = end.state.counts;
  return counts.balanced() && end.lost <= counts.waiting;
}

std::string summary(const StreamEnd& end) {
  return counted(end.state.counts.delivered, "event") + " delivered to " + end.base_url + where(end) +
         refused(end) + kept(end) + not_delivered(end) + from_earlier(end) + unfinished(end) + footnotes(end);
}

ExitCode exit_code(const StreamEnd& end) {
  if (lost(end) > 0 || !accounted(end)) return ExitCode::data_lost;
  if (end.state.counts.waiting > 0) {
    if (end.state.line == Line::refused) return ExitCode::key_refused;
    if (end.state.line == Line::misconfigured) return ExitCode::configuration;
    return ExitCode::spooled;
  }
  if (end.state.counts.rejected + end.tally.problems + end.too_large > 0) return ExitCode::refused;
  return end.input == StreamEnd::Input::cut_off ? ExitCode::interrupted : ExitCode::ok;
}

std::string warning(const delivery::DeliveryState& state, const std::string& base_url) {
  switch (state.line) {
    case Line::retrying:
      return base_url + ": " + state.trouble + "; trying again until the input ends";
    case Line::refused:
      return base_url + " refuses the key: " + state.trouble +
             "; asking again each minute. Set another with agentpipe-bridge setup, or test it with "
             "agentpipe-bridge test";
    case Line::misconfigured:
      return base_url + " does not look like an AgentPipe server: " + state.trouble +
             "; asking again each minute. Check the URL";
    default:
      return {};
  }
}

}  // namespace agentpipe::cli
