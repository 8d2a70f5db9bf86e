#include <nlohmann/json.hpp>
#include <ostream>

#include "agentpipe/base/text.hpp"
#include "agentpipe/delivery/spool_folder.hpp"
#include "spool_actions.hpp"
#include "spool_sources.hpp"

namespace agentpipe::cli {

namespace {

using Json = nlohmann::ordered_json;
using delivery::SourceSummary;

bool is_alive(const SourceSummary& source) {
  return source.owner == SourceSummary::Owner::alive;
}

std::string text_of(const SourceSummary& source) {
  if (!source.trouble.empty())
    return base::terminal_safe(source.source + "  cannot be read: " + source.trouble);
  const auto counted = [](std::uint64_t count, const char* noun) {
    return base::group_digits(count) + " " + noun;
  };
  std::string text = source.source + "  " + counted(source.waiting, "waiting") + ", " +
                     base::human_bytes(source.bytes) + ", for " +
                     (source.destination.empty() ? "an unknown server" : source.destination);
  if (!source.created.empty()) text += ", since " + source.created;
  if (source.dead_letters > 0) text += ", " + counted(source.dead_letters, "dead");
  const auto& damage = source.damage;
  const auto damaged = damage.torn + damage.damaged + damage.refused + damage.unreadable;
  if (damaged + source.damaged_segments > 0) text += ", damaged";
  if (is_alive(source)) text += ", in use";
  return base::terminal_safe(text);
}

Json json_of(const SourceSummary& source) {
  const auto& damage = source.damage;
  return {{"source", source.source},
          {"destination", source.destination},
          {"created", source.created},
          {"client", source.client},
          {"in_use", is_alive(source)},
          {"waiting", source.waiting},
          {"bytes", source.bytes},
          {"dead_letters", source.dead_letters},
          {"damage",
           {{"torn", damage.torn},
            {"damaged", damage.damaged},
            {"refused", damage.refused},
            {"unreadable", damage.unreadable},
            {"segments_moved_away", source.damaged_segments}}},
          {"trouble", source.trouble},
          {"folder", source.folder.string()}};
}

/// The beginning of what could not be read, as far as a terminal's line takes it; --json tells all.
std::string line_of_letter(const Json& letter) {
  constexpr std::size_t k_characters = 100;
  const auto text = [&letter](const char* key) { return letter.value(key, std::string()); };
  const std::string number = letter["n"] == 0 ? "" : " " + letter["n"].dump();
  std::string line =
      "  dead" + number + ": " + base::terminal_safe(text("code") + ", " + text("reason")) + "\n";
  const std::string begins = base::one_line(base::terminal_safe(text("begins")), k_characters);
  return begins.empty() ? line : line + "    " + begins + "\n";
}

std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

base::Result<ExitCode> list_spool(const SpoolOptions& options, World& world) {
  OpenedSpool spool(world);
  const auto sources = spool.folder.sources();
  if (!sources) return base::forward(sources);
  for (const SourceSummary& source : *sources) {
    world.out << (options.json ? line_of(json_of(source)) : text_of(source) + "\n");
  }
  if (sources->empty() && !options.json) world.err << "the spool is empty\n";
  return ExitCode::ok;
}

base::Result<ExitCode> inspect_spool(const SpoolOptions& options, World& world) {
  OpenedSpool spool(world);
  const auto sources = chosen_sources(spool.folder, options.sources);
  if (!sources) return base::forward(sources);
  for (const SourceSummary& source : *sources) {
    Json letters = Json::array();
    const auto take = [&](const delivery::DeadLetter& letter) {
      letters.push_back({{"n", letter.record.number}, {"code", letter.code}, {"reason", letter.reason}});
      if (!letter.begins.empty()) letters.back()["begins"] = letter.begins;
    };
    if (auto done = spool.folder.each_letter(source, take); !done) return base::forward(done);
    if (options.json) {
      Json json = json_of(source);
      json["letters"] = std::move(letters);
      world.out << line_of(json);
      continue;
    }
    world.out << text_of(source) << "\n  " << base::terminal_safe(source.folder.string()) << '\n';
    for (const Json& letter : letters) {
      world.out << line_of_letter(letter);
    }
  }
  return ExitCode::ok;
}

}  // namespace agentpipe::cli
