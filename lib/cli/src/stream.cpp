#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>

#include "agentpipe/base/files.hpp"
#include "agentpipe/base/text.hpp"
#include "agentpipe/delivery/curl_transport.hpp"
#include "commands.hpp"
#include "connection.hpp"
#include "format_names.hpp"
#include "sessions_found.hpp"
#include "sources.hpp"
#include "stream_decoder.hpp"
#include "stream_follow.hpp"
#include "stream_session.hpp"
#include "upload_when.hpp"
#include "versions.hpp"

namespace agentpipe::cli {

namespace {

struct StreamOptions {
  ConnectionFlags connection;
  std::vector<std::string> files;
  std::string format = "auto";
  std::string name;
  std::string drain_timeout = "5s";
  std::string fsync = "interval";
  bool tee = false;
  bool follow = false;
  bool all = false;
  std::vector<std::string> sources;
  std::string since;
  bool poll = false;
  bool dry_run = false;
  bool no_redact = false;
};

constexpr std::string_view k_stream_examples =
    "  agentpipe run --json -a claude:Ada -a gemini:Bob | agentpipe-bridge stream --tee\n"
    "  agentpipe-bridge stream --url http://localhost:3000 ~/.agentpipe/events/events_*.jsonl\n"
    "  agentpipe-bridge stream --follow ~/.agentpipe/events            as sessions go on, until ^C\n"
    "  agentpipe-bridge stream --follow --all                          every agent's running sessions\n"
    "  agentpipe-bridge stream --dry-run session.jsonl\n";

void describe(CLI::App& app, StreamOptions& options) {
  app.add_option(
         "files", options.files,
         "Files to read one after the other, with --follow also folders; - or nothing: standard input")
      ->type_name("FILE");
  app.add_option("--format", options.format, "Format of the input, instead of recognising it")
      ->type_name(format_choices());
  app.add_option("--name", options.name, "Name of the session on the server")->type_name("TEXT");
  app.add_flag(
      "-f,--follow", options.follow,
      "Go on as files grow, in folders new ones too, until a signal; the next time goes on from there");
  app.add_flag("--all", options.all,
               "With --follow: every running session on this machine of " + source_names() +
                   "; what was written before the first time is left to upload --all")
      ->needs("--follow");
  app.add_option("--source", options.sources, "With --all: only these agents")
      ->type_name("NAME")
      ->delimiter(',')
      ->needs("--all");
  app.add_option(
         "--since", options.since,
         "With --follow: files that changed then or later, also those not seen before: 30d, 12h, 2026-11-01")
      ->type_name("WHEN")
      ->needs("--follow");
  app.add_flag("--poll", options.poll,
               "With --follow: look at all files each second instead of being told by the system")
      ->needs("--follow");
  app.add_flag("--tee", options.tee, "Pass the input through unchanged to standard output");
  app.add_flag("--dry-run", options.dry_run, "Print what would be sent, one line an event; send nothing");
  app.add_option("--drain-timeout", options.drain_timeout,
                 "After the end of the input, give up once the server has taken nothing for so long")
      ->type_name("TIME");
  add_redaction_flag(app, options.no_redact);
  app.add_option("--fsync", options.fsync,
                 "When events are forced to the disk: interval (a power cut takes the last 100 ms at most), "
                 "each, never")
      ->type_name("interval|each|never");
  add_connection_flags(app, options.connection);
}

std::optional<delivery::Fsync> fsync_of(std::string_view word) {
  using delivery::Fsync;
  constexpr std::pair<std::string_view, Fsync> k_words[] = {
      {"interval", Fsync::interval}, {"each", Fsync::each}, {"never", Fsync::never}};
  for (const auto& [name, fsync] : k_words) {
    if (name == word) return fsync;
  }
  return std::nullopt;
}

Stamp stamp_of(const StreamOptions& options) {
  return {options.connection.machine.value_or(""), options.name, std::string(program_version())};
}

base::Result<void> check_follow(const StreamOptions& options) {
  if (options.tee) return usage_error("--follow reads files, --tee passes on a pipe; use one of them");
  if (options.dry_run) return usage_error("--follow never ends, --dry-run must; use one of them");
  const bool pipe = std::ranges::find(options.files, "-") != options.files.end();
  if ((options.files.empty() && !options.all) || pipe)
    return usage_error("--follow needs files or folders; a pipe needs no --follow");
  return {};
}

/// From when on files count that were never seen: with --all from the first time on, so that years of history
/// do not go out one event after the other, and nothing is missed while no bridge runs. A time that is yet to
/// come is that of a clock which ran ahead.
base::Result<base::Timestamp> begin_of(const StreamOptions& options, const World& world) {
  const auto now = world.clock.now();
  const auto since = parse_when(options.since, "--since", DayEdge::begin, now);
  if (!since) return base::forward(since);
  if (*since || !options.all) return since->value_or(base::Timestamp());
  constexpr std::uint64_t k_most = 100;
  const auto file = world.paths.state / "following-since";
  const auto text = base::read_file(file, k_most);
  if (const auto first = text ? base::parse_rfc3339(base::trim(*text)) : std::nullopt)
    return std::min(*first, now);
  if (auto made = base::ensure_private_directory(file.parent_path()); !made) return base::forward(made);
  if (auto written = base::write_file_atomically(file, base::format_rfc3339(now) + "\n"); !written)
    return base::forward(written);
  return now;
}

base::Result<FollowPlan> make_follow_plan(const StreamOptions& options, const World& world) {
  if (auto possible = check_follow(options); !possible) return base::forward(possible);
  auto roots = followed_roots(options.files, world.working_directory);
  if (!roots) return base::forward(roots);
  if (auto known = sources_named(options.sources); !known) return base::forward(known);
  const auto begin = begin_of(options, world);
  if (!begin) return base::forward(begin);
  auto places = follow::Places::open(world.paths.state / "offsets");
  if (!places) return base::forward(places);
  auto watch = options.poll ? nullptr : follow::make_inotify_watch();
  if (watch == nullptr) watch = follow::make_blind_watch();
  return FollowPlan{std::move(*roots), *begin, std::move(*places), std::move(watch)};
}

base::Result<StreamPlan> make_plan(const StreamOptions& options, const World& world) {
  StreamPlan plan;
  if (options.tee && options.dry_run) {
    return usage_error("--tee and --dry-run both want standard output; use one of them");
  }
  if (options.format != "auto") {
    plan.format = formats::find_format(options.format);
    if (plan.format == nullptr) {
      return usage_error("--format knows no \"" + options.format + "\"; it is one of " + format_choices());
    }
  }
  const auto timeout = base::parse_duration(options.drain_timeout);
  if (!timeout) return usage_error("--drain-timeout must be a time like 500ms, 5s or 1m");
  plan.drain_timeout = *timeout;
  const auto fsync = fsync_of(options.fsync);
  if (!fsync) return usage_error("--fsync is one of interval, each, never");
  plan.fsync = *fsync;
  if (options.follow) {
    auto following = make_follow_plan(options, world);
    if (!following) return base::forward(following);
    plan.follow = std::move(*following);
    plan.stamp = stamp_of(options);
    return plan;
  }
  const std::vector<std::string> paths =
      options.files.empty() ? std::vector<std::string>{"-"} : options.files;
  if (options.files.empty() && world.in_channel.is_terminal) {
    return usage_error(
        "stream reads what a program writes: pipe one into it, or name a file (- to type it in)");
  }
  auto inputs = open_inputs(paths, world.in_channel.fd, world.clock.now());
  if (!inputs) return base::forward(inputs);
  plan.inputs = std::move(*inputs);
  plan.scratch = world.paths.state;
  plan.session_files = [&world](std::string_view source, std::string_view session) {
    return files_of_session(source, session, world);
  };
  plan.tee_fd = options.tee ? world.out_channel.fd : -1;
  plan.stamp = stamp_of(options);
  return plan;
}

/// Where the agents' files lie is partly a matter of settings.
base::Result<void> add_agents(FollowPlan& plan, const config::ClientSettings& settings,
                              const StreamOptions& options, const World& world) {
  const auto sources = sources_named(options.sources);
  if (!sources) return base::forward(sources);
  const auto projects = projects_of(settings, world);
  for (const auto* source : *sources) {
    for (auto& pattern : patterns_of(*source, projects, world)) plan.roots.push_back(std::move(pattern));
  }
  return {};
}

/// What the settings say about the events themselves.
base::Result<void> equip(StreamPlan& plan, const config::ClientSettings& settings,
                         const StreamOptions& options) {
  auto redactor = make_redactor(settings, options.no_redact);
  if (!redactor) return base::forward(redactor);
  plan.redactor = std::move(*redactor);
  auto prices = load_prices(settings);
  if (!prices) return base::forward(prices);
  plan.prices = std::move(*prices);
  return {};
}

base::Result<delivery::Endpoint> find_endpoint(const StreamOptions& options, const World& world,
                                               StreamPlan& plan) {
  const auto settings = load_settings_to_send(world, options.connection);
  if (!settings) return base::forward(settings);
  if (auto equipped = equip(plan, *settings, options); !equipped) return base::forward(equipped);
  plan.stamp.machine = machine_label(*settings);
  if (options.all) {
    if (auto added = add_agents(*plan.follow, *settings, options, world); !added) return base::forward(added);
  }
  return endpoint_of(*settings);
}

/// Sends nothing, so delivery need not be switched on.
base::Result<ExitCode> rehearse(const StreamOptions& options, World& world, StreamPlan plan) {
  const auto settings = load_settings(world, options.connection);
  if (!settings) return base::forward(settings);
  if (auto equipped = equip(plan, *settings, options); !equipped) return base::forward(equipped);
  return rehearse_stream(std::move(plan), world);
}

base::Result<ExitCode> run(const StreamOptions& options, World& world) {
  auto plan = make_plan(options, world);
  if (!plan) return base::forward(plan);
  if (options.dry_run) return rehearse(options, world, std::move(*plan));
  const auto endpoint = find_endpoint(options, world, *plan);
  if (!endpoint) {
    // Said at once, but whoever writes into us must not notice: the input is taken to its end.
    world.err << "agentpipe-bridge: " << base::terminal_safe(endpoint.error().message) << '\n' << std::flush;
    swallow_stream(std::move(*plan), world);
    return exit_code_of(endpoint.error());
  }
  plan->connect = [&endpoint] {
    return delivery::make_curl_transport(*endpoint, "agentpipe-bridge/" + std::string(program_version()));
  };
  const auto transport = plan->connect();
  return deliver_stream(std::move(*plan), endpoint->base_url, *transport, world);
}

}  // namespace

Command stream_command() {
  return make_command<StreamOptions>(
      {"stream", "Ship events from standard input or files to the server as they appear", k_stream_examples},
      describe, run);
}

}  // namespace agentpipe::cli
