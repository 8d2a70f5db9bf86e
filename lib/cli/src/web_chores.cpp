#include "web_chores.hpp"

#include <algorithm>
#include <string>

#include "agentpipe/base/log.hpp"

namespace agentpipe::cli {

namespace {

/// How soon a key that another process made or revoked is noticed.
constexpr base::Milliseconds k_key_refresh{1000};
constexpr base::Milliseconds k_note_uses{30'000};
/// At least so often, and four times within the time itself, sessions are looked at for their silence.
constexpr base::Milliseconds k_silence_look{15'000};
constexpr std::int64_t k_silent_at_once = 500;
constexpr base::Milliseconds k_tidy{3'600'000};
/// A loop that has not come round for so long hangs.
constexpr base::Milliseconds k_hangs{10'000};

base::Result<void> interrupt_silent(store::Store& store, const base::Clock& clock,
                                    base::Milliseconds timeout) {
  const auto now = clock.now();
  const auto count = store.interrupt_silent(now - timeout, now, k_silent_at_once);
  if (!count) return base::forward(count);
  return {};
}

base::Result<void> tidy(service::Retention& retention) {
  const auto count = retention.tidy();
  if (!count) return base::forward(count);
  if (*count > 0) {
    base::log(base::LogLevel::info, "sessions deleted as the settings' retain and retain_size say",
              {{"sessions", std::to_string(*count)}});
  }
  return {};
}

}  // namespace

std::vector<Chore> quick_chores(service::Access& access, const http::Server& server,
                                const ServiceManager& manager) {
  std::vector<Chore> chores{{"keys not refreshed", k_key_refresh, [&access] { return access.reload(); }}};
  if (const auto watchdog = manager.watchdog()) {
    chores.push_back({"the service manager was not told", *watchdog / 3, [&]() -> base::Result<void> {
                        if (server.responsive(k_hangs)) manager.tell("WATCHDOG=1");
                        return {};
                      }});
  }
  return chores;
}

std::vector<Chore> slow_chores(store::Store& store, service::Access& access, service::Retention& retention,
                               const config::WebSettings& settings, const base::Clock& clock) {
  std::vector<Chore> chores{
      {"uses of keys not noted", k_note_uses, [&access] { return access.save_uses(); }}};
  if (const auto timeout = *settings.silence_timeout; timeout.count() > 0) {
    chores.push_back({"silent sessions not found", std::min(k_silence_look, timeout / 4),
                      [&store, &clock, timeout] { return interrupt_silent(store, clock, timeout); }});
  }
  if (settings.retain->count() > 0 || *settings.retain_size > 0)
    chores.push_back({"retention failed", k_tidy, [&retention] { return tidy(retention); }});
  return chores;
}

}  // namespace agentpipe::cli
