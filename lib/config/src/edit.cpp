#include "agentpipe/config/edit.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <utility>

#include "agentpipe/base/files.hpp"
#include "agentpipe/config/client_settings.hpp"
#include "section_editor.hpp"
#include "yaml_entries.hpp"

namespace agentpipe::config {

namespace {

using base::ErrorCode;
using Values = std::map<std::string, std::string>;

base::Result<Values> values_of(std::string_view text, std::string_view path) {
  const auto entries = read_entries(text, k_bridge_section, path);
  if (!entries) return base::forward(entries);
  Values values;
  if (*entries) {
    for (const Entry& entry : **entries) values[entry.key] = entry.value;
  }
  return values;
}

// What the section must hold afterwards: what it held, with the changes under the name that the file uses.
Values expected_values(Values values, const std::vector<Change>& changes) {
  for (const Change& change : changes) {
    std::string name = change.key;
    for (const KeyHelp& help : client_keys()) {
      if (help.key != change.key || values.contains(name)) continue;
      for (const std::string_view alias : help.aliases) {
        if (values.contains(std::string(alias))) name = alias;
      }
    }
    values[name] = change.value;
  }
  return values;
}

base::Result<void> check_editable(std::string_view text, std::string_view path) {
  for (std::size_t i = text.find('\r'); i != std::string_view::npos; i = text.find('\r', i + 1)) {
    if (i + 1 < text.size() && text[i + 1] == '\n') continue;
    const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(i), '\n') + 1;
    return base::failure(ErrorCode::configuration, std::string(path) + ":" + std::to_string(line) +
                                                       ": a carriage return alone does not end a line here");
  }
  return {};
}

base::Result<std::string> edit_parsed(std::string_view text, const std::vector<Change>& changes,
                                      std::string_view path) {
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(std::string(text));
    if (documents.size() > 1) {
      return base::failure(ErrorCode::configuration,
                           std::string(path) + ": more than one YAML document in it");
    }
    SectionEditor editor(text, path);
    if (auto done = editor.apply(documents.empty() ? YAML::Node() : documents.front(), changes); !done) {
      return base::forward(done);
    }
    return editor.text();
  } catch (const YAML::Exception& error) {
    return base::failure(
        ErrorCode::configuration,
        std::string(path) + ":" + std::to_string(std::max(error.mark.line, 0) + 1) + ": not valid YAML");
  }
}

}  // namespace

base::Result<std::string> edit_bridge_section(std::string_view text, const std::vector<Change>& changes,
                                              std::string_view path) {
  if (auto editable = check_editable(text, path); !editable) return base::forward(editable);
  const auto before = values_of(text, path);
  if (!before) return base::forward(before);
  auto edited = edit_parsed(text, changes, path);
  if (!edited) return edited;
  const auto after = values_of(*edited, path);
  if (!after || *after != expected_values(*before, changes)) {
    return base::failure(ErrorCode::configuration,
                         std::string(path) +
                             ": section 'bridge' cannot be changed without touching the rest; write it "
                             "as plain 'key: value' lines");
  }
  return edited;
}

base::Result<EditReport> edit_config_file(const std::filesystem::path& path,
                                          const std::vector<Change>& changes) {
  auto text = base::read_file(path, k_max_config_bytes);
  EditReport report;
  if (!text && text.error().code != ErrorCode::not_found) {
    return base::failure(ErrorCode::configuration, text.error().message, text.error().detail);
  }
  report.created = !text;
  report.was_readable_by_others = base::readable_by_others(path);
  const std::string before = text ? std::move(*text) : std::string();
  const auto edited = edit_bridge_section(before, changes, path.string());
  if (!edited) return base::forward(edited);
  if (*edited == before && !report.created && !report.was_readable_by_others) return report;
  if (auto written = base::write_file_atomically(path, *edited); !written) return base::forward(written);
  return report;
}

}  // namespace agentpipe::config
