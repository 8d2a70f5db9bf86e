#include "spool_actions.hpp"

#include <ostream>

#include "agentpipe/base/text.hpp"
#include "agentpipe/delivery/curl_transport.hpp"
#include "agentpipe/delivery/salvage.hpp"
#include "spool_sources.hpp"
#include "versions.hpp"

namespace agentpipe::cli {

namespace {

using delivery::Line;
using delivery::Salvage;
using delivery::SourceSummary;

/// For as long as the server takes something.
void wait_for(Salvage& salvage, base::Milliseconds patience, base::Clock& clock,
              const std::stop_token& stop) {
  const auto settled = [&salvage] { return salvage.counts().delivered + salvage.counts().rejected; };
  std::uint64_t before = 0;
  do {
    before = settled();
    if (salvage.wait(base::Deadline::after(clock, patience), stop)) return;
  } while (settled() > before && !stop.stop_requested());
}

ExitCode exit_code(const Salvage& salvage) {
  const auto counts = salvage.counts();
  if (counts.waiting == 0 && counts.unreadable > 0) return ExitCode::failure;
  if (counts.waiting == 0) return counts.rejected > 0 ? ExitCode::refused : ExitCode::ok;
  if (salvage.line() == Line::refused) return ExitCode::key_refused;
  if (salvage.line() == Line::misconfigured) return ExitCode::configuration;
  return ExitCode::spooled;
}

std::string unreadable(std::uint64_t sources) {
  return base::counted(sources, "source") + " cannot be read (agentpipe-bridge spool ls shows why)";
}

std::string summary(const Salvage& salvage, const std::string& url) {
  const auto counts = salvage.counts();
  std::string text = base::group_digits(counts.delivered) + " delivered to " + url;
  if (counts.rejected > 0) text += ", " + base::group_digits(counts.rejected) + " refused by the server";
  if (counts.waiting > 0) text += ", " + base::group_digits(counts.waiting) + " still waiting";
  const std::string trouble = salvage.trouble();
  if (counts.waiting > 0 && !trouble.empty()) text += ": " + trouble;
  return counts.unreadable > 0 ? text + "; " + unreadable(counts.unreadable) : text;
}

struct Replayed {
  std::uint64_t events = 0;
  std::uint64_t others = 0;  ///< that never were events
};

/// Puts the letters of one source into a new one, except what is no event.
base::Result<Replayed> replay(delivery::SpoolFolder& folder, const SourceSummary& source) {
  if (source.destination.empty()) {
    return base::failure(base::ErrorCode::invalid, source.source + " does not say for which server it was");
  }
  auto fresh = folder.create(
      {.client = "agentpipe-bridge/" + std::string(program_version()), .destination = source.destination});
  if (!fresh) return base::forward(fresh);
  base::Result<void> appended;
  Replayed replayed;
  const auto take = [&](const delivery::DeadLetter& letter) {
    if (letter.record.number == 0) {
      ++replayed.others;
      return;
    }
    const auto number = (*fresh)->append(letter.record.event);
    if (!number && appended) appended = base::forward(number);
    if (number) ++replayed.events;
  };
  if (auto read = folder.each_letter(source, take); !read) return base::forward(read);
  (*fresh)->finish();
  if (!appended) return base::forward(appended);
  if ((*fresh)->only_in_memory() > 0) return base::failure(base::ErrorCode::io, (*fresh)->trouble());
  if (auto done = folder.forget_letters(source); !done) return base::forward(done);
  return replayed;
}

}  // namespace

base::Result<ExitCode> flush_spool(const SpoolOptions& options, World& world) {
  const auto patience = base::parse_duration(options.drain_timeout);
  if (!patience) return usage_error("--drain-timeout must be a time like 500ms, 5s or 1m");
  const auto settings = load_settings_to_send(world, options.connection);
  if (!settings) return base::forward(settings);
  const auto endpoint = endpoint_of(*settings);
  if (!endpoint) return base::forward(endpoint);
  const StopOnSignal stop(world.signals);
  OpenedSpool spool(world);
  const auto connect = [&endpoint] {
    return delivery::make_curl_transport(*endpoint, "agentpipe-bridge/" + std::string(program_version()));
  };
  Salvage salvage(spool.folder, endpoint->base_url, connect, world.clock);
  wait_for(salvage, *patience, world.clock, stop.token());
  const ExitCode code = exit_code(salvage);
  note_in_journal(spool.folder, endpoint->base_url, salvage.counts().delivered, salvage.trouble(),
                  world.clock);
  if (world.globals.verbosity != Verbosity::quiet || code != ExitCode::ok) {
    world.err << base::terminal_safe(summary(salvage, endpoint->base_url)) << '\n';
  }
  return stop.received() && code == ExitCode::spooled ? ExitCode::interrupted : code;
}

base::Result<ExitCode> replay_dead(const SpoolOptions& options, World& world) {
  OpenedSpool spool(world);
  const auto sources = chosen_sources(spool.folder, options.sources);
  if (!sources) return base::forward(sources);
  Replayed all;
  std::uint64_t in_use = 0;
  std::uint64_t bad = 0;
  for (const SourceSummary& source : *sources) {
    if (!source.trouble.empty()) ++bad;
    if (source.dead_letters == 0) continue;
    if (source.owner == SourceSummary::Owner::alive) {
      ++in_use;
      continue;
    }
    const auto replayed = replay(spool.folder, source);
    if (!replayed) return base::forward(replayed);
    all.events += replayed->events;
    all.others += replayed->others;
  }
  world.err << base::group_digits(all.events) << " queued again; deliver with agentpipe-bridge spool flush\n";
  if (all.others > 0) {
    world.err << base::group_digits(all.others)
              << " beginnings of unreadable input stay; spool inspect shows them, spool rm deletes them\n";
  }
  if (in_use > 0) {
    world.err << base::counted(in_use, "source")
              << " with dead letters passed over: a running process still uses what it has\n";
  }
  if (bad > 0) world.err << unreadable(bad) << '\n';
  // Who named a source wanted that one.
  const bool failed = bad > 0 || (in_use > 0 && !options.sources.empty());
  return failed ? ExitCode::failure : ExitCode::ok;
}

base::Result<ExitCode> remove_from_spool(const SpoolOptions& options, World& world) {
  OpenedSpool spool(world);
  const auto sources = chosen_sources(spool.folder, options.sources);
  if (!sources) return base::forward(sources);
  for (const SourceSummary& source : *sources) {
    if (source.waiting > 0 && !options.sure) {
      return usage_error(source.source + " holds " + base::counted(source.waiting, "event") +
                         " that nobody has got yet; to delete it all the same add --yes");
    }
    if (!source.trouble.empty() && !options.sure) {
      return usage_error(source.source + " cannot be read (" + source.trouble +
                         "), so events may be waiting in it; to delete it all the same add --yes");
    }
  }
  for (const SourceSummary& source : *sources) {
    if (auto done = spool.folder.remove(source); !done) return base::forward(done);
  }
  return ExitCode::ok;
}

}  // namespace agentpipe::cli
