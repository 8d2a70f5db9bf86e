#include "yaml_entries.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "agentpipe/base/text.hpp"
#include "agentpipe/config/client_settings.hpp"

namespace agentpipe::config {

namespace {

using base::ErrorCode;

constexpr std::size_t k_max_depth = 2;
constexpr std::size_t k_max_entries = 200;

tl::unexpected<base::Error> at(std::string_view path, std::size_t line, std::string_view what) {
  return base::failure(ErrorCode::configuration,
                       std::string(path) + ":" + std::to_string(line) + ": " + std::string(what));
}

std::size_t line_of(const YAML::Node& node) {
  const int line = node.Mark().line;
  return line < 0 ? 1 : static_cast<std::size_t>(line) + 1;
}

class Flattener {
 public:
  explicit Flattener(std::string_view path) : path_(path) {}

  base::Result<void> walk(const YAML::Node& map, const std::string& prefix, std::size_t depth) {
    for (const auto& pair : map) {
      if (!pair.first.IsScalar()) return at(path_, line_of(pair.first), "a key must be a word");
      const std::string key = prefix + pair.first.Scalar();
      if (auto added = add(key, pair.first, pair.second, depth); !added) return added;
    }
    return {};
  }

  std::vector<Entry> entries;

 private:
  base::Result<void> add(const std::string& key, const YAML::Node& name, const YAML::Node& value,
                         std::size_t depth) {
    const std::string shown = base::one_line(key, 60);
    if (std::ranges::find(entries, key, &Entry::key) != entries.end()) {
      return at(path_, line_of(name), "'" + shown + "' is given twice");
    }
    if (entries.size() >= k_max_entries) return at(path_, line_of(name), "more than 200 settings");
    if (value.IsSequence()) return list(key, name, value, depth);
    if (value.IsMap()) {
      if (depth >= k_max_depth) return at(path_, line_of(name), "'" + shown + "' is nested too deep");
      return walk(value, key + ".", depth + 1);
    }
    entries.push_back({key, value.IsScalar() ? value.Scalar() : std::string(), line_of(name)});
    return {};
  }

  /// What may be a list is for the table of settings to say.
  base::Result<void> list(const std::string& key, const YAML::Node& name, const YAML::Node& items,
                          std::size_t depth) {
    const std::string shown = base::one_line(key, 60);
    std::size_t index = 0;
    for (const auto& item : items) {
      const std::string place = key + "[" + std::to_string(index++) + "]";
      if (item.IsSequence() || depth > k_max_depth) {
        return at(path_, line_of(name), "'" + shown + "' is nested too deep");
      }
      auto added = item.IsMap() ? walk(item, place + ".", depth + 1) : add(place, item, item, depth);
      if (!added) return added;
    }
    if (index == 0) entries.push_back({key + "[]", "", line_of(name)});
    return {};
  }

  std::string_view path_;
};

// The part of yaml-cpp's message that is its own; what follows a colon may be the user's text.
std::string own_words(const YAML::Exception& error) {
  return error.msg.substr(0, error.msg.find(':'));
}

base::Result<std::optional<YAML::Node>> find_section(const YAML::Node& root, std::string_view section,
                                                     std::string_view path) {
  if (root.IsNull()) return std::optional<YAML::Node>();
  if (!root.IsMap()) return at(path, line_of(root), "settings must be 'key: value' lines");
  if (section.empty()) return std::optional(root);
  const YAML::Node found = root[std::string(section)];
  if (!found.IsDefined() || found.IsNull()) return std::optional<YAML::Node>();
  if (!found.IsMap()) {
    return at(path, line_of(found), "section '" + std::string(section) + "' must hold 'key: value' lines");
  }
  return std::optional(found);
}

}  // namespace

base::Result<std::optional<std::vector<Entry>>> read_entries(std::string_view text, std::string_view section,
                                                             std::string_view path) {
  if (text.size() > k_max_config_bytes) return at(path, 1, "larger than 1 MiB");
  if (!base::is_valid_utf8(text)) return at(path, 1, "not UTF-8");
  try {
    const auto found = find_section(YAML::Load(std::string(text)), section, path);
    if (!found) return base::forward(found);
    if (!*found) return std::optional<std::vector<Entry>>();
    Flattener flattener(path);
    if (auto walked = flattener.walk(**found, "", 1); !walked) return base::forward(walked);
    return std::optional(std::move(flattener.entries));
  } catch (const YAML::Exception& error) {
    return at(path, static_cast<std::size_t>(std::max(error.mark.line, 0)) + 1,
              "not valid YAML: " + own_words(error));
  }
}

}  // namespace agentpipe::config
