#include "parse_error.hpp"

#include <string_view>
#include <vector>

#include "agentpipe/base/text.hpp"

namespace agentpipe::cli {

namespace {

const CLI::App& deepest(const CLI::App& app) {
  const auto children = app.get_subcommands();
  return children.empty() ? app : deepest(*children.front());
}

// Flags of the command and of everything above it, since those are accepted there too.
std::vector<std::string> flags_of(const CLI::App* app) {
  std::vector<std::string> names;
  for (; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* option : app->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

std::vector<std::string> commands_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* child :
       app.get_subcommands([](const CLI::App* c) { return !c->get_group().empty(); })) {
    names.push_back(child->get_name());
  }
  return names;
}

std::string suggestion(std::string_view word, const std::vector<std::string>& names) {
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string_view near = base::nearest(word, views);
  return near.empty() ? "" : "; did you mean '" + std::string(near) + "'?";
}

std::string help_hint(const CLI::App& app) {
  const std::string path =
      app.get_parent() == nullptr ? app.get_name() : app.get_parent()->get_name() + " " + app.get_name();
  return " (see " + path + " --help)";
}

std::string explain_extra(const CLI::App& app) {
  const CLI::App& command = deepest(app);
  const std::vector<std::string> extra = app.remaining(true);
  const std::string word = extra.empty() ? "" : extra.front();
  if (word.starts_with("-")) {
    const std::string flag = word.substr(0, word.find('='));  // what follows may be a secret
    return "unknown option '" + flag + "'" + suggestion(flag, flags_of(&command)) + help_hint(command);
  }
  const auto commands = commands_of(command);
  if (commands.empty()) return "unexpected argument '" + word + "'" + help_hint(command);
  return "unknown command '" + word + "'" + suggestion(word, commands) + help_hint(command);
}

}  // namespace

std::string explain(const CLI::ParseError& error, const CLI::App& app) {
  // Where a command is missing, an unknown word in its place is the news.
  const bool missing =
      dynamic_cast<const CLI::RequiredError*>(&error) != nullptr && app.remaining_size(true) > 0;
  if (missing || dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) return explain_extra(app);
  return base::one_line(error.what(), 300) + help_hint(deepest(app));
}

}  // namespace agentpipe::cli
