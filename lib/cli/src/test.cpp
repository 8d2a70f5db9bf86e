#include <sys/utsname.h>

#include <CLI/CLI.hpp>
#include <ostream>

#include "agentpipe/delivery/curl_transport.hpp"
#include "agentpipe/model/codec.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "commands.hpp"
#include "connection.hpp"
#include "test_steps.hpp"
#include "versions.hpp"

namespace agentpipe::cli {

namespace {

struct TestOptions {
  ConnectionFlags connection;
  bool json = false;
};

constexpr std::string_view k_test_examples =
    "  agentpipe-bridge test\n"
    "  agentpipe-bridge test --url https://agentpipe.example.org --json\n";

void describe(CLI::App& app, TestOptions& options) {
  app.add_flag("--json", options.json, "Print the steps as one JSON document");
  add_connection_flags(app, options.connection);
}

model::Json system_info() {
  utsname system{};
  ::uname(&system);
  model::Json info;
  model::JsonWriter(info.text)
      .begin_object()
      .field("agentpipe_version", program_version())
      .field("os", "linux")
      .field("os_version", system.release)
      .field("go_version", "n/a (C++)")
      .field("architecture", system.machine)
      .end_object();
  return info;
}

std::string test_event(base::Timestamp now) {
  model::BridgeTest body;
  body.message = "Connection test by agentpipe-bridge";
  body.system_info = system_info();
  return model::encode_event({now, std::move(body)});
}

base::Result<ExitCode> run(const TestOptions& options, World& world) {
  const auto settings = load_settings(world, options.connection);
  if (!settings) return base::forward(settings);
  auto endpoint = endpoint_of(*settings);
  if (!endpoint) return base::forward(endpoint);

  const StopOnSignal signal(world.signals);
  const auto transport =
      delivery::make_curl_transport(*endpoint, "agentpipe-bridge/" + std::string(program_version()));
  const std::string body = test_event(world.clock.now());
  const delivery::Response response =
      transport->send({"POST", "/api/ingest", body, "application/json", {}}, signal.token());
  if (signal.received()) return ExitCode::interrupted;

  using Key = TestSubject::Key;
  const TestSubject subject{endpoint->base_url, endpoint->api_key.empty() ? Key::none : Key::given};
  const auto steps = judge(subject, response, world.clock.now());
  world.out << (options.json ? to_json(subject, steps) : to_text(subject, steps));
  return exit_code(steps);
}

}  // namespace

Command test_command() {
  return make_command<TestOptions>(
      {"test", "Send a test event and prove the round trip step by step", k_test_examples}, describe, run);
}

}  // namespace agentpipe::cli
