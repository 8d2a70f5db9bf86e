#include "upload_run.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <ostream>
#include <span>
#include <thread>

#include "agentpipe/base/log.hpp"
#include "agentpipe/base/thread_annotations.hpp"
#include "upload_families.hpp"
#include "upload_file.hpp"
#include "upload_progress.hpp"
#include "upload_room.hpp"

namespace agentpipe::cli {
namespace {

/// Inputs that one worker reads, one after the other.
struct Family {
  std::span<const Input> inputs;
  std::uintmax_t largest = 0;  ///< size in bytes
};

/// How large a pipe is nobody knows.
std::uintmax_t size_of(const Input& input, const std::filesystem::path& working_directory) {
  if (input.is_standard_input()) return k_max_sessions_bytes;
  std::error_code error;
  const auto size = std::filesystem::file_size(working_directory / input.path, error);
  return error ? 0 : size;
}

/// Hands out inputs to workers and takes reports back, in order.
class Workshop {
 public:
  Workshop(const UploadPlan& plan, World& world, const std::stop_token& stop)
      : plan_(plan), world_(world), by_user_(stop, [this] { stop_.request_stop(); }) {
    const auto count = std::clamp<std::size_t>(plan.jobs, 1, std::max<std::size_t>(plan.inputs.size(), 1));
    // Connections first: a failure here must not meet running workers.
    for (std::size_t i = 0; i < count; ++i) transports_.push_back(plan.connect ? plan.connect() : nullptr);
    for (const auto& transport : transports_)
      workers_.emplace_back([this, &transport] { work(transport.get()); });
  }

  /// The report of input `index`, as soon as it is there. Until then the progress line says what is waited
  /// for.
  FileReport wait(std::size_t index, ProgressLine& progress) {
    base::MutexLock lock(mutex_);
    while (!finished_.contains(index)) {
      if (!news_.empty()) progress.say(std::exchange(news_, {}));
      changed_.wait(lock);
    }
    auto report = std::move(finished_.extract(index).mapped());
    taken_ = index + 1;
    changed_.notify_all();
    return report;
  }

 private:
  void work(delivery::Transport* transport) {
    std::optional<SessionSender> sender;
    if (transport != nullptr) {
      sender.emplace(
          *transport, world_.clock, [this] { return random(); }, plan_.policy, plain_server_,
          [this](std::string why) { hold_up(std::move(why)); });
    }
    for (auto family = next(); !family.inputs.empty(); family = next()) {
      for (const auto& input : family.inputs) {
        finish(static_cast<std::size_t>(&input - plan_.inputs.data()),
               report_of(input, sender ? &*sender : nullptr));
      }
      leave(family);
    }
  }

  FileReport report_of(const Input& input, SessionSender* sender) {
    FileReport report;
    report.path = input.path.string();
    report.reached = false;
    if (stop_.stop_requested() || given_up_) return report;
    report = upload_file(input, plan_.choice, sender, world_, stop_.get_token());
    const bool hopeless =
        std::any_of(report.sessions.begin(), report.sessions.end(),
                    [](const SessionReport& session) { return is_final(session.result.sent); });
    if (hopeless) given_up_ = true;
    return report;
  }

  /// One input, or all that share a ledger; empty at the end. Waits for the output, which may be slow, and
  /// for room in memory.
  Family next() {
    constexpr std::size_t k_ahead = 1000;
    base::MutexLock lock(mutex_);
    for (; next_ < plan_.inputs.size(); changed_.wait(lock)) {
      if (next_ >= taken_ + k_ahead) continue;
      const auto family = following();
      if (!room_.fits(family.largest)) continue;
      next_ += family.inputs.size();
      room_.enter(family.largest);
      return family;
    }
    return {};
  }

  [[nodiscard]] Family following() const REQUIRES(mutex_) {
    const auto rest = std::span(plan_.inputs).subspan(next_);
    std::size_t size = 1;
    while (rest[0].ledger && size < rest.size() && rest[size].ledger == rest[0].ledger) ++size;
    Family family{rest.first(size)};
    for (const auto& input : family.inputs)
      family.largest = std::max(family.largest, size_of(input, world_.working_directory));
    return family;
  }

  void leave(const Family& family) {
    const base::MutexLock lock(mutex_);
    room_.leave(family.largest);
    changed_.notify_all();
  }

  void finish(std::size_t index, FileReport report) {
    const base::MutexLock lock(mutex_);
    finished_.emplace(index, std::move(report));
    changed_.notify_all();
  }

  void hold_up(std::string why) {
    const base::MutexLock lock(mutex_);
    news_ = std::move(why);
    changed_.notify_all();
  }

  double random() {
    const base::MutexLock lock(random_mutex_);
    return plan_.random();
  }

  const UploadPlan& plan_;
  World& world_;
  std::stop_source stop_;
  std::atomic<bool> given_up_ = false;
  std::atomic<bool> plain_server_ = false;
  base::Mutex random_mutex_;
  base::Mutex mutex_;
  std::condition_variable_any changed_;
  std::size_t next_ GUARDED_BY(mutex_) = 0;
  std::size_t taken_ GUARDED_BY(mutex_) = 0;
  UploadRoom room_ GUARDED_BY(mutex_);
  std::map<std::size_t, FileReport> finished_ GUARDED_BY(mutex_);
  std::string news_ GUARDED_BY(mutex_);  ///< not shown yet
  std::stop_callback<std::function<void()>> by_user_;
  std::vector<std::unique_ptr<delivery::Transport>> transports_;
  std::vector<std::jthread> workers_;
};

ProgressLine::Show progress_of(const UploadPlan& plan, const World& world) {
  const bool wanted = world.err_channel.is_terminal && world.globals.verbosity == Verbosity::normal &&
                      !(plan.output == UploadPlan::Output::json && world.out_channel.is_terminal) &&
                      world.environment.get("TERM").value_or("") != "dumb";
  return wanted ? ProgressLine::Show::bar : ProgressLine::Show::nothing;
}

void write_report(const FileReport& file, const UploadPlan& plan, World& world) {
  if (plan.output == UploadPlan::Output::json) {
    world.out << to_json_line(file) << '\n';
    return;
  }
  const bool all = !plan.connect || world.globals.verbosity == Verbosity::verbose;
  write_text(file, all ? Detail::sessions : Detail::failures, world.out, world.err);
}

void take_note(const FileReport& file, const Input& input, const UploadPlan& plan, const World& world) {
  // Who forces a format may be wrong about it.
  const bool is_kept = plan.memory != nullptr && file.uploaded && plan.choice.format == nullptr;
  if (!is_kept || input.is_standard_input()) return;
  std::error_code error;
  const auto path = std::filesystem::weakly_canonical(world.working_directory / input.path, error);
  if (error) return;
  using End = UploadMemory::Uploaded::End;
  const auto noted =
      plan.memory->remember(path, *file.uploaded,
                            {file.sessions.size(), input.lineage ? *input.lineage : lineage_of(path),
                             file.may_go_on ? End::open : End::told});
  if (!noted)
    base::log(base::LogLevel::warn, "an upload is not remembered", {{"reason", noted.error().message}});
}

}  // namespace

ExitCode run_upload(const UploadPlan& plan, World& world, const std::stop_token& stop) {
  UploadTally tally;
  tally.add_unchanged(plan.known_sessions);
  {
    ProgressLine progress(world.err, progress_of(plan, world), plan.inputs.size());
    Workshop workshop(plan, world, stop);
    for (std::size_t index = 0; index < plan.inputs.size(); ++index) {
      progress.draw(index, tally.sessions());
      const auto file = workshop.wait(index, progress);
      tally.add(file);
      take_note(file, plan.inputs[index], plan, world);
      const bool speaks = !plan.connect || plan.output == UploadPlan::Output::json || status_of(file) != "ok";
      if (speaks) progress.clear();
      write_report(file, plan, world);
    }
  }
  const bool json = plan.output == UploadPlan::Output::json;
  if (world.globals.verbosity != Verbosity::quiet) (json ? world.err : world.out) << tally.summary() << '\n';
  const auto code = tally.exit_code();
  return stop.stop_requested() && code != ExitCode::ok ? ExitCode::interrupted : code;
}

}  // namespace agentpipe::cli
