#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>

#include "agentpipe/base/text.hpp"
#include "agentpipe/delivery/curl_transport.hpp"
#include "agentpipe/delivery/salvage.hpp"
#include "command.hpp"
#include "commands.hpp"
#include "connection.hpp"
#include "format_names.hpp"
#include "spool_sources.hpp"
#include "upload_all.hpp"
#include "upload_families.hpp"
#include "upload_when.hpp"
#include "versions.hpp"

namespace agentpipe::cli {
namespace {

constexpr unsigned k_most_jobs = 64;
/// For what earlier streams left, once the upload itself is done.
constexpr base::Milliseconds k_patience_with_spool{5000};

struct UploadOptions {
  std::vector<std::string> paths;
  bool all = false;
  bool dry_run = false;
  bool json = false;
  unsigned jobs = 16;
  std::string since;
  std::string until;
  std::string format = "auto";
  std::vector<std::string> sources;
  std::string project;
  std::string name;
  bool no_redact = false;
  ConnectionFlags connection;
};

std::string formats_help() {
  std::string help = "Read every file as this format instead of recognising it:";
  for (const auto& format : formats::all_formats()) {
    help.append("\n").append(format.name).append(": ").append(format.summary);
  }
  return help;
}

void describe(CLI::App& app, UploadOptions& options) {
  app.add_option("paths", options.paths,
                 "Files, folders (with all below), quoted patterns with **, - for standard input")
      ->type_name("PATH");
  app.add_flag(
      "--all", options.all,
      "All sessions on this machine of " + source_names() + "; files already uploaded are not read again");
  app.add_flag("-n,--dry-run", options.dry_run, "Read and recognise, say what would go, send nothing");
  app.add_flag("--json", options.json, "One JSON object a file on standard output");
  app.add_option(
         "-j,--jobs", options.jobs,
         "Files at a time, 1 to " + std::to_string(k_most_jobs) + " (" + std::to_string(options.jobs) + ")")
      ->type_name("N")
      ->check(CLI::Range(1U, k_most_jobs).description(""));
  app.add_option("--since", options.since,
                 "Sessions that began then or later: 30d, 12h, 2026-11-01, an RFC 3339 time")
      ->type_name("WHEN");
  app.add_option("--until", options.until,
                 "Sessions that began before the end of that day, or before that time")
      ->type_name("WHEN");
  app.add_option("--format", options.format, formats_help())->type_name(format_choices());
  app.add_option("--source", options.sources, "Only sessions of these formats or families (agentpipe, …)")
      ->type_name("NAME")
      ->delimiter(',');
  app.add_option("--project", options.project, "Only sessions in this folder, or in a folder of this name")
      ->type_name("FOLDER");
  app.add_option("--name", options.name, "Title of the sessions, instead of their own")->type_name("TEXT");
  add_redaction_flag(app, options.no_redact);
  add_connection_flags(app, options.connection);
  add_retry_flag(app, options.connection);
}

base::Result<void> check_sources(const std::vector<std::string>& sources) {
  for (const auto& source : sources) {
    bool known = false;
    std::vector<std::string_view> names;
    for (const auto& format : formats::all_formats()) {
      known = known || belongs_to(format.name, source);
      names.push_back(format.name);
    }
    if (known) continue;
    const auto near = base::nearest(source, names);
    return usage_error("--source: no format or family is called '" + source + "'" +
                       (near.empty() ? "" : "; did you mean " + std::string(near) + "?"));
  }
  return {};
}

/// As sessions name it: absolute, without a slash at its end.
std::string folder_named(const std::string& path, const World& world) {
  const auto folder =
      (world.working_directory / config::expand_home(path, world.paths.home)).lexically_normal();
  return (folder.has_filename() ? folder : folder.parent_path()).string();
}

base::Result<SessionChoice> choice_of(const UploadOptions& options, const World& world) {
  SessionChoice choice;
  const auto since = parse_when(options.since, "--since", DayEdge::begin, world.clock.now());
  if (!since) return base::forward(since);
  const auto until = parse_when(options.until, "--until", DayEdge::end, world.clock.now());
  if (!until) return base::forward(until);
  choice.since = *since;
  choice.until = *until;
  if (options.format != "auto") {
    choice.format = formats::find_format(options.format);
    if (choice.format == nullptr)
      return usage_error("--format: '" + options.format + "' is not one of " + format_choices());
  }
  if (auto known = check_sources(options.sources); !known) return base::forward(known);
  choice.sources = options.sources;
  choice.project =
      options.project.find('/') == std::string::npos ? options.project : folder_named(options.project, world);
  choice.name = options.name;
  return choice;
}

base::Result<std::vector<Input>> inputs_of(const UploadOptions& options, const World& world) {
  const auto& paths = options.paths;
  if (paths.empty() && !options.all)
    return usage_error("upload: name files or folders, or - for standard input, or --all");
  const bool reads_terminal =
      world.in_channel.is_terminal && std::find(paths.begin(), paths.end(), "-") != paths.end();
  if (reads_terminal)
    return usage_error("upload -: standard input is a terminal; pipe a session into it or name files");
  return expand_inputs(paths, world.working_directory);
}

/// Says what lies on this machine and plans the upload of what has not been sent yet.
void add_everything(const std::vector<const Source*>& sources, const Projects& projects, UploadPlan& plan,
                    World& world) {
  const auto found = find_sessions(sources, projects, world);
  const bool json = plan.output == UploadPlan::Output::json;
  if (world.globals.verbosity != Verbosity::quiet) (json ? world.err : world.out) << table_of(found);
  plan_uploads(found, plan, world);
}

base::Result<void> add_delivery(UploadPlan& plan, const config::ClientSettings& settings) {
  auto endpoint = endpoint_of(settings);
  if (!endpoint) return base::forward(endpoint);
  endpoint->stall_timeout = *settings.timeout;
  // A whole session takes longer than one event; a stalled connection is noticed all the same.
  constexpr int k_session_factor = 6;
  endpoint->total_timeout = k_session_factor * *settings.timeout;
  plan.choice.machine = machine_label(settings);
  plan.policy.retry_attempts = *settings.retry_attempts;
  const std::string agent = "agentpipe-bridge/" + std::string(program_version());
  plan.url = endpoint->base_url;
  plan.connect = [endpoint = std::move(*endpoint), agent] {
    return delivery::make_curl_transport(endpoint, agent);
  };
  return {};
}

/// A dry run needs no server, and delivery need not be switched on for it.
base::Result<config::ClientSettings> apply_settings(UploadPlan& plan, const UploadOptions& options,
                                                    World& world) {
  auto settings = options.dry_run ? load_settings(world, options.connection)
                                  : load_settings_to_send(world, options.connection);
  if (!settings) return settings;
  auto redactor = make_redactor(*settings, options.no_redact);
  if (!redactor) return base::forward(redactor);
  plan.choice.redactor = std::move(*redactor);
  auto prices = load_prices(*settings);
  if (!prices) return base::forward(prices);
  plan.choice.prices = std::move(*prices);
  if (options.dry_run) return settings;
  if (auto added = add_delivery(plan, *settings); !added) return base::forward(added);
  return settings;
}

/// Is there anything that can be remembered?
bool has_files(const UploadPlan& plan) {
  return std::ranges::any_of(plan.inputs, [](const Input& input) { return !input.is_standard_input(); });
}

base::Result<ExitCode> run(const UploadOptions& options, World& world) {
  UploadPlan plan;
  auto choice = choice_of(options, world);
  if (!choice) return base::forward(choice);
  plan.choice = std::move(*choice);
  plan.jobs = options.jobs;
  plan.output = options.json ? UploadPlan::Output::json : UploadPlan::Output::text;
  plan.random = delivery::system_random();
  auto inputs = inputs_of(options, world);
  if (!inputs) return base::forward(inputs);
  plan.inputs = std::move(*inputs);
  const auto sources = sources_named(options.all ? options.sources : std::vector<std::string>());
  if (!sources) return base::forward(sources);
  const auto settings = apply_settings(plan, options, world);
  if (!settings) return base::forward(settings);
  const StopOnSignal stop(world.signals);
  std::optional<UploadMemory> memory;
  if (plan.connect && (options.all || has_files(plan))) memory = recall_uploads(plan, world, stop.token());
  plan.memory = memory ? &*memory : nullptr;
  if (options.all) {
    add_everything(*sources, projects_of(*settings, world), plan, world);
  } else {
    join_families(plan.inputs, world.working_directory);
  }
  OpenedSpool spool(world);
  std::optional<delivery::Salvage> salvage;  // what earlier streams left goes along
  if (plan.connect) salvage.emplace(spool.folder, plan.url, plan.connect, world.clock);
  const ExitCode code = run_upload(plan, world, stop.token());
  if (salvage && code == ExitCode::ok) {
    salvage->wait(base::Deadline::after(world.clock, k_patience_with_spool), stop.token());
  }
  return code;
}

}  // namespace

Command upload_command() {
  return make_command<UploadOptions>(
      {"upload", "Import finished sessions from files; doing it again changes nothing",
       "  agentpipe-bridge upload ~/.agentpipe/states          all files of a folder\n"
       "  agentpipe-bridge upload --all                        every agent's sessions on this machine\n"
       "  agentpipe-bridge upload --all --since 30d --source claude,codex\n"
       "  agentpipe-bridge upload chatgpt-export.zip           as it came by mail\n"
       "  agentpipe-bridge upload --dry-run --json 'runs/**/*.json'   only say what would go\n"
       "  zcat run.jsonl.gz | agentpipe-bridge upload -        from standard input\n"},
      describe, run);
}

}  // namespace agentpipe::cli
