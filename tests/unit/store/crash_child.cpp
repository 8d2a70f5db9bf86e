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

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  base::SystemClock clock;
  store::SqliteOptions options{.path = argv[1], .clock = clock};
  options.checkpoint_bytes = 256U << 10U;  // often: a kill may fall into one
  auto opened = store::open_sqlite(options);
  if (!opened) return 1;
  for (int i = 0; i < 8; ++i) append_next(**opened, std::string(argv[2]) + "-" + std::to_string(i) + "-", 0);
  std::atomic<bool> killed = false;
  killed.wait(false);
}
