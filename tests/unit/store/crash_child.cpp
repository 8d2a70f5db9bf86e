// Stores messages one after another in many conversations until it is killed, and tells each that was
// answered.
#include <atomic>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/store/sqlite/open.hpp"

using namespace agentpipe;

namespace {

model::Event message(const std::string& id) {
  model::MessageCreated made;
  made.conversation_id = "c-" + std::to_string(id.size());
  made.message_id = id;
  made.agent_type = "claude";
  made.role = "agent";
  made.content = std::string(1500, 'x') + id;
  return {base::Timestamp{std::chrono::seconds{1'767'600'000}}, std::move(made)};
}

void append_next(store::Store& store, const std::string& prefix, int count) {
  const std::string id = prefix + std::to_string(count);
  store.append({{message(id), message(id + "b")},
                base::Timestamp{std::chrono::seconds{1'767'600'000}},
                store::Source::cli_stream},
               [&store, prefix, count, id](base::Result<store::Appended> result) {
                 if (!result) return;
                 std::printf("%s\n", id.c_str());
                 std::fflush(stdout);
                 append_next(store, prefix, count + 1);
               });
}

/// One source that sends batches of seven messages, m-1 to m-7 of "c-7" and so on.
void append_next_batch(store::Store& store, std::uint64_t first) {
  store::Batch batch{"s-1", first, 0, {}, base::Timestamp{std::chrono::seconds{1'767'600'000}}};
  for (std::uint64_t n = first; n < first + 7; ++n)
    batch.events.emplace_back(message("m-" + std::to_string(n)));
  store.append_batch(std::move(batch), [&store](base::Result<store::Received> result) {
    if (!result) return;
    const std::uint64_t acked = std::get<store::Taken>(*result).acked_n;
    std::printf("%llu\n", static_cast<unsigned long long>(acked));
    std::fflush(stdout);
    append_next_batch(store, acked + 1);
  });
}

}  // namespace

// crash_child DATABASE PREFIX: single requests; with PREFIX "batches", batches from the first record on.
int main(int argc, char** argv) {
  if (argc != 3) return 2;
  base::SystemClock clock;
  store::SqliteOptions options{.path = argv[1], .clock = clock};
  options.checkpoint_bytes = 256U << 10U;  // often: a kill may fall into one
  auto opened = store::open_sqlite(options);
  if (!opened) return 1;
  const std::string prefix = argv[2];
  if (prefix == "batches") append_next_batch(**opened, 1);
  for (int i = 0; prefix != "batches" && i < 8; ++i)
    append_next(**opened, prefix + "-" + std::to_string(i) + "-", 0);
  std::atomic<bool> killed = false;
  killed.wait(false);
}
