#include "codex_deeds.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "agentpipe/base/text.hpp"
#include "shell_words.hpp"

namespace agentpipe::formats::codex {
namespace {

constexpr std::string_view k_patch_tool = "apply_patch";
constexpr std::string_view k_mcp = "mcp__";

std::string line(std::string_view kind, std::string_view what) {
  return std::string(kind).append(1, '\n').append(base::trim(what));
}

/// By their names alone: one side says paths from the root, the other those of the patch.
std::string patch(const std::set<std::string>& files) {
  std::string deed = "patch";
  for (const auto& file : files) deed.append(1, '\n').append(file);
  return deed;
}

std::string file_name(std::string_view path) {
  path = base::trim(path);
  return std::string(path.substr(path.rfind('/') + 1));
}

std::string patch_of_text(std::string_view text) {
  constexpr std::array<std::string_view, 3> k_heads = {
      "*** Add File:", "*** Update File:", "*** Delete File:"};
  std::set<std::string> files;
  for (const auto row : base::split(text, '\n')) {
    for (const auto head : k_heads) {
      if (row.starts_with(head)) files.insert(file_name(row.substr(head.size())));
    }
  }
  return patch(files);
}

std::string shell(const std::string& script) {
  if (script.starts_with(k_patch_tool)) return patch_of_text(script);
  return line("shell", script);
}

/// A program with its words, a script, or nothing of the kind.
std::string shell_of(const Node& command) {
  if (command.is_text()) return shell(command.text());
  std::vector<std::string> words;
  command.each([&](const Node& word) { words.push_back(word.text()); });
  return words.empty() ? std::string() : shell(script_of(words));
}

/// The order of members is not told by either side.
std::string tool(std::string_view server, std::string_view name, const Node& arguments) {
  std::set<std::string> members;
  arguments.each_member([&](std::string_view key, const Node& value) {
    members.insert(std::string(key).append(1, '=').append(value.json()));
  });
  auto deed = std::string(server).append("__").append(name);
  for (const auto& member : members) deed.append(1, '\n').append(member);
  return deed;
}

std::string plan(const Node& steps, const char* text_key, bool (*is_done)(const Node& step)) {
  std::string deed = "plan";
  steps.each([&](const Node& step) {
    deed.append(is_done(step) ? "\n[x] " : "\n[ ] ").append(step[text_key].view());
  });
  return deed;
}

std::string search(const Node& query, const Node& other) {
  return line("search", query.is_text() ? query.view() : other.view());
}

/// Tools by which agents make others and speak to them.
constexpr std::array<std::string_view, 9> k_agent_tools = {"spawn_agent",   "send_input",      "send_message",
                                                           "followup_task", "wait_agent",      "close_agent",
                                                           "resume_agent",  "interrupt_agent", "list_agents"};

template <std::size_t n>
bool is_one_of(const std::array<std::string_view, n>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// "mcp__server__tool", or without the front in older rollouts.
std::string function(std::string_view name, const Node& arguments) {
  if (name == "update_plan")
    return plan(arguments["plan"], "step",
                [](const Node& step) { return step["status"].view() == "completed"; });
  if (name == k_patch_tool) return patch_of_text(arguments.either("input", "patch").view());
  if (name.starts_with(k_mcp)) name.remove_prefix(k_mcp.size());
  const auto border = name.find("__");
  if (border != std::string_view::npos)
    return tool(name.substr(0, border), name.substr(border + 2), arguments);
  constexpr std::array<std::string_view, 4> k_shell_tools = {"shell", "shell_command", "exec_command",
                                                             "container.exec"};
  if (is_one_of(k_agent_tools, name)) return line(name, arguments["message"].view());
  return is_one_of(k_shell_tools, name) ? shell_of(arguments.either("command", "cmd")) : std::string();
}

/// Newer rollouts say the front of a server's tool as the space that its name lies in.
std::string full_name(const Node& call) {
  auto name = call["name"].text();
  const auto space = call["namespace"].view();
  return space.starts_with(k_mcp) ? std::string(space) + "__" + name : name;
}

}  // namespace

std::string deed_of_call(const Node& item, JsonLine& json) {
  const auto type = item["type"].view();
  if (type == "local_shell_call") return shell_of(item["action"]["command"]);
  if (type == "web_search_call") return search(item["action"]["query"], item["action"]["url"]);
  const auto name = item["name"].view();
  if (type == "custom_tool_call")
    return name == k_patch_tool ? patch_of_text(item["input"].view()) : std::string();
  const auto arguments = json.parse(item["arguments"].view());
  return arguments ? function(full_name(item), *arguments) : std::string();
}

std::string deed_of_work(const Node& item) {
  const auto type = item["type"].view();
  if (type == "command_execution") return shell(script_of(shell_words(item["command"].view())));
  if (type == "mcp_tool_call") return tool(item["server"].view(), item["tool"].view(), item["arguments"]);
  if (type == "web_search") return search(item["query"], item["url"]);
  if (type == "collab_tool_call") {
    const auto name = item["tool"].view();
    return line(name == "wait" ? "wait_agent" : name, item["prompt"].view());
  }
  if (type == "todo_list")
    return plan(item["items"], "text", [](const Node& step) { return step["completed"].is_true(); });
  if (type != "file_change") return {};
  std::set<std::string> files;
  item["changes"].each([&](const Node& change) { files.insert(file_name(change["path"].view())); });
  return patch(files);
}

}  // namespace agentpipe::formats::codex
