#include "stream_session.hpp"

#include <functional>
#include <optional>
#include <ostream>

#include "agentpipe/base/text.hpp"
#include "agentpipe/delivery/intake.hpp"
#include "agentpipe/delivery/sender.hpp"
#include "agentpipe/model/codec.hpp"
#include "spool_sources.hpp"
#include "stream_console.hpp"
#include "stream_control.hpp"
#include "stream_pump.hpp"
#include "stream_report.hpp"

namespace agentpipe::cli {

namespace {

/// Nobody waits behind a file, so it may wait for a server; but not for one that takes nothing.
constexpr base::Milliseconds k_patience_with_files{60'000};
/// After an interrupt: the user wants the terminal back, but not at the price of the last words.
constexpr base::Milliseconds k_drain_after_interrupt{10'000};
/// A thousand broken lines are one piece of news.
constexpr std::uint64_t k_most_problems_told = 5;

/// Warns once for each outage and kind of trouble, and once when it is over.
class Herald {
 public:
  Herald(StreamConsole& console, std::string base_url) : console_(console), base_url_(std::move(base_url)) {}

  void operator()(const delivery::DeliveryState& state) {
    const bool well = state.line == delivery::Line::sending || state.line == delivery::Line::idle;
    if (const std::string line = warning(state, base_url_);
        !line.empty() && line != std::exchange(last_, line)) {
      console_.note(line);
      troubled_ = true;
    } else if (well && state.trouble.empty() && std::exchange(troubled_, false)) {
      last_.clear();
      console_.note("delivering to " + base_url_ + " again");
    }
  }

 private:
  StreamConsole& console_;
  const std::string base_url_;
  std::string last_;
  bool troubled_ = false;
};

std::string sentence(const std::string& input, const formats::Problem& problem) {
  const std::string line = problem.line == 0 ? "" : ", line " + std::to_string(problem.line);
  return input + line + ": " + problem.reason;
}

void complain(StreamConsole& console, const std::string& input, const formats::Problem& problem,
              std::uint64_t nth) {
  if (nth == k_most_problems_told + 1) console.note("more places could not be read; they are only counted");
  if (nth > k_most_problems_told) return;
  console.note(sentence(input, problem));
}

/// Waits for the rest: for as long as the server takes something, or, after a signal, for a fixed time.
void drain(delivery::Sender& sender, const StreamControl& control, const StreamPlan& plan,
           base::Clock& clock) {
  const auto done = [&sender] {
    const auto counts = sender.state().counts;
    return counts.accepted - counts.waiting;
  };
  std::uint64_t before = 0;
  do {
    before = done();
    const bool hasty = control.signalled();
    const bool interrupted = hasty && !control.no_more_input().stop_requested();
    const auto length = interrupted ? k_drain_after_interrupt : plan.drain_timeout;
    if (sender.drain(base::Deadline::after(clock, length), control.stop_everything()) || hasty) return;
  } while (done() != before && !control.stop_everything().stop_requested());
}

/// A file that is followed can wait for ever; one that is only read, for a while; a producer must not.
base::Milliseconds patience_of(const StreamPlan& plan, const StreamPump& pump) {
  constexpr base::Milliseconds k_for_ever = std::chrono::hours(24 * 365);
  if (plan.follow) return k_for_ever;
  return pump.is_live() ? plan.patience : k_patience_with_files;
}

StreamControl::Interrupt interrupt_of(const StreamPlan& plan) {
  using Interrupt = StreamControl::Interrupt;
  return plan.follow ? Interrupt::ends_the_input : Interrupt::is_for_the_producer;
}

/// What an earlier run took of a followed file comes before what this one takes.
delivery::Sender::Before after(std::optional<delivery::Salvage>& salvage) {
  return [&salvage](const std::stop_token& stop) {
    if (salvage) salvage->wait(base::Deadline::never(), stop);
  };
}

/// While a follower waits for what earlier runs left, only their courier hears from the server.
delivery::DeliveryState told_by(const delivery::Sender& sender,
                                const std::optional<delivery::Salvage>& salvage) {
  delivery::DeliveryState state = sender.state();
  if (!salvage || !state.trouble.empty() || salvage->trouble().empty()) return state;
  state.line = salvage->line();
  state.trouble = salvage->trouble();
  return state;
}

std::string remedy(const StreamPlan& plan) {
  std::string files;
  for (const StreamInput& input : plan.inputs) {
    if (input.file_name.empty()) {  // standard input
      return "when the session is in a file, send that again: agentpipe-bridge upload FILE";
    }
    files += " " + input.name;
  }
  return "send again what is missing with agentpipe-bridge upload" + files;
}

std::string short_id(const model::Event& event) {
  const std::string& id = model::conversation_id(event);
  return id.empty() ? "-" : base::terminal_safe(id);
}

}  // namespace

ExitCode deliver_stream(StreamPlan plan, const std::string& base_url, delivery::Transport& transport,
                        World& world) {
  const StreamControl control(world.signals, interrupt_of(plan));
  StreamConsole console(world);
  StreamSpool kept(
      world,
      {.fsync = plan.fsync, .client = "agentpipe-bridge/" + plan.stamp.version, .destination = base_url},
      console);
  delivery::Intake intake(kept.spool());
  Herald herald(console, base_url);
  std::optional<delivery::Salvage> salvage;
  if (plan.connect) {
    salvage.emplace(
        kept.folder(), base_url, plan.connect, world.clock,
        plan.follow ? delivery::Courier::Observer(std::ref(herald)) : nullptr,
        plan.follow ? delivery::Salvage::Others::wait_for : delivery::Salvage::Others::leave_alone);
  }
  std::optional<delivery::Sender> sender(std::in_place, kept.spool(), transport, world.clock,
                                         delivery::system_random(), std::ref(herald),
                                         plan.follow ? after(salvage) : nullptr);
  std::optional<StreamProgress> progress(std::in_place, console, *sender, world.clock);

  // What is only in memory may be gone with this process; then it has to be read again.
  if (plan.follow && !kept.is_on_disk()) plan.follow->places.write_nothing();
  StreamPump pump(plan, control, world.clock);
  StreamTally const* tally = nullptr;
  bool all_taken = true;
  const auto deliver = [&](const model::Event& event) {
    // What is followed is read again from the first event for which there was no room before the end.
    if (!all_taken) return;
    const bool taken = intake.accept(event, patience_of(plan, pump), control.no_more_input());
    if (plan.follow && !taken) all_taken = !control.no_more_input().stop_requested();
  };
  StreamSink sink(plan.stamp, plan.redactor, deliver, [&](const formats::Problem& problem) {
    complain(console, pump.name(), problem, tally->problems);
    if (!problem.excerpt.empty()) intake.keep(sentence(pump.name(), problem), problem.excerpt);
  });
  tally = &sink.tally();
  pump.run(
      sink, [&all_taken] { return all_taken; }, [&kept] { return kept.sync(); });
  if (all_taken) intake.mark_gaps();
  drain(*sender, control, plan, world.clock);
  if (salvage && sender->state().counts.waiting == 0) {
    salvage->wait(base::Deadline::after(world.clock, plan.drain_timeout), control.stop_everything());
  }
  progress.reset();
  const bool cut_off = !plan.follow && control.no_more_input().stop_requested();
  const delivery::DeliveryState state = plan.follow ? told_by(*sender, salvage) : sender->state();
  sender.reset();
  const std::uint64_t lost = kept.close();
  note_in_journal(kept.folder(), base_url, state.counts.delivered, state.trouble, world.clock);
  const StreamEnd end{.tally = sink.tally(),
                      .state = state,
                      .dropped = intake.dropped() - (all_taken ? 0 : 1),
                      .too_large = intake.too_large(),
                      .lost = lost,
                      .earlier = salvage ? salvage->counts() : delivery::SalvageCounts{},
                      .base_url = base_url,
                      .disk_trouble = kept.disk_trouble(),
                      .remedy = remedy(plan),
                      .letters = intake.letters() > 0 && kept.is_on_disk() ? kept.spool().source_id() : "",
                      .input = cut_off ? StreamEnd::Input::cut_off : StreamEnd::Input::complete};
  const ExitCode code = exit_code(end);
  console.conclude(summary(end), code == ExitCode::ok);
  return code;
}

ExitCode rehearse_stream(StreamPlan plan, World& world) {
  const StreamControl control(world.signals);
  StreamConsole console(world);
  StreamPump pump(plan, control, world.clock);
  StreamSink const* self = nullptr;
  const auto print = [&](const model::Event& event) {
    const std::string size = base::human_bytes(model::encode_event(event).size());
    const std::string secrets = sentence(self->replaced());
    world.out << model::type_name(event) << '\t' << short_id(event) << '\t' << size
              << (secrets.empty() ? "" : "\t") << secrets << '\n';
  };
  StreamSink sink(plan.stamp, plan.redactor, print, [&](const formats::Problem& problem) {
    complain(console, pump.name(), problem, self->tally().problems);
  });
  self = &sink;
  pump.run(
      sink, [] { return true; }, [] { return true; });
  const bool good = sink.tally().problems == 0;
  console.conclude(base::counted(sink.tally().events, "event") + " would be sent; nothing was" +
                       secrets_note(sink.tally().secrets),
                   good);
  return good ? ExitCode::ok : ExitCode::refused;
}

void swallow_stream(StreamPlan plan, World& world) {
  const StreamControl control(world.signals);
  StreamPump(plan, control, world.clock).run_blind();
}

}  // namespace agentpipe::cli
