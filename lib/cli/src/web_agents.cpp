#include "web_agents.hpp"

#include <array>
#include <utility>

#include "tool_version.hpp"

namespace agentpipe::cli {

namespace {

constexpr std::chrono::seconds k_fresh{60};
constexpr std::chrono::seconds k_longest_wait{10};

struct KnownAgent {
  std::string_view type, name, command, docs_url;
};

// The agents that the Go CLI knows, and the tools whose sessions people bring.
constexpr std::array k_agents{
    KnownAgent{"claude", "Claude Code", "claude", "https://docs.anthropic.com/en/docs/claude-code"},
    KnownAgent{"codex", "Codex", "codex", "https://github.com/openai/codex"},
    KnownAgent{"gemini", "Gemini CLI", "gemini", "https://github.com/google-gemini/gemini-cli"},
    KnownAgent{"copilot", "GitHub Copilot CLI", "copilot", "https://github.com/github/copilot-cli"},
    KnownAgent{"cursor", "Cursor Agent", "cursor-agent", "https://cursor.com/cli"},
    KnownAgent{"amp", "Amp", "amp", "https://ampcode.com/manual"},
    KnownAgent{"aider", "Aider", "aider", "https://aider.chat/docs/install.html"},
    KnownAgent{"continue", "Continue", "cn", "https://docs.continue.dev/cli/overview"},
    KnownAgent{"crush", "Crush", "crush", "https://github.com/charmbracelet/crush"},
    KnownAgent{"factory", "Factory Droid", "droid", "https://docs.factory.ai/cli"},
    KnownAgent{"goose", "Goose", "goose", "https://block.github.io/goose"},
    KnownAgent{"groq", "Groq Code", "groq", "https://github.com/build-with-groq/groq-code-cli"},
    KnownAgent{"kimi", "Kimi CLI", "kimi", "https://github.com/MoonshotAI/kimi-cli"},
    KnownAgent{"ollama", "Ollama", "ollama", "https://ollama.com/download"},
    KnownAgent{"opencode", "OpenCode", "opencode", "https://opencode.ai/docs"},
    KnownAgent{"openrouter", "OpenRouter", "openrouter", "https://openrouter.ai/docs"},
    KnownAgent{"qoder", "Qoder CLI", "qodercli", "https://qoder.com/cli"},
    KnownAgent{"qwen", "Qwen Code", "qwen", "https://github.com/QwenLM/qwen-code"},
};

std::vector<service::AgentTool> find_all(std::string_view path) {
  std::vector<service::AgentTool> tools;
  tools.reserve(k_agents.size());
  for (const auto& row : k_agents)
    tools.push_back({row.type, row.name, row.command, row.docs_url, find_in_path(row.command, path), {}});
  return tools;
}

/// What a tool needs to tell its version; our key is none of its business.
std::vector<std::string> variables_for_tools(const config::Environment& environment) {
  std::vector<std::string> variables{"NO_COLOR=1", "TERM=dumb"};
  for (const std::string_view name : {"PATH", "HOME", "LANG"})
    if (const auto value = environment.get(name))
      variables.push_back(std::string(name).append("=").append(*value));
  return variables;
}

}  // namespace

HostAgents::HostAgents(const base::Clock& clock, const config::Environment& environment)
    : clock_(clock),
      path_(environment.get_or("PATH", "")),
      tool_environment_(variables_for_tools(environment)),
      tools_(find_all(path_)),
      looked_at_(clock.ticks()) {
  worker_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

HostAgents::~HostAgents() {
  {
    const base::MutexLock lock(mutex_);  // so that the worker does not look before and wait after
    worker_.request_stop();
  }
  news_.notify_all();
}

bool HostAgents::is_stale() const {
  return clock_.ticks() - looked_at_ > k_fresh;
}

std::vector<service::AgentTool> HostAgents::list(service::Refresh refresh) {
  base::MutexLock lock(mutex_);
  if (refresh == service::Refresh::now || is_stale()) {
    wanted_ = true;
    news_.notify_all();
  }
  // It may take seconds, and whoever waits holds a thread that others need: one at a time.
  if (refresh == service::Refresh::now && !std::exchange(waited_for_, true)) {
    const auto until = std::chrono::steady_clock::now() + k_longest_wait;
    const auto seen = rounds_;
    while (rounds_ == seen && news_.wait_until(lock, until) == std::cv_status::no_timeout) {
    }
    waited_for_ = false;
  }
  return tools_;
}

void HostAgents::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      base::MutexLock lock(mutex_);
      while (!wanted_ && !stop.stop_requested()) news_.wait(lock);
      wanted_ = false;
    }
    auto tools = find_all(path_);
    for (auto& tool : tools)
      if (!tool.path.empty() && !stop.stop_requested())
        tool.version = tool_version(tool.path, tool_environment_, stop);
    const base::MutexLock lock(mutex_);
    tools_ = std::move(tools);
    looked_at_ = clock_.ticks();
    ++rounds_;
    news_.notify_all();
  }
}

}  // namespace agentpipe::cli
