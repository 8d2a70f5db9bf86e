#pragma once

#include <algorithm>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentpipe/base/files.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/base/text.hpp"
#include "agentpipe/config/client_settings.hpp"
#include "agentpipe/config/setting.hpp"
#include "agentpipe/config/source.hpp"
#include "values.hpp"
#include "yaml_entries.hpp"

namespace agentpipe::config {

/// One setting of `Settings`: what it is called everywhere and how its text becomes its value.
template <class Settings>
struct Row {
  KeyHelp help;
  base::Result<void> (*assign)(Settings& settings, std::string_view text, const Origin& origin) = nullptr;
  std::string (*value)(const Settings& settings) = nullptr;
  const Origin& (*origin)(const Settings& settings) = nullptr;
};

/// The row of member `Member`, whose text `Parse` reads and `Show` writes.
template <class Settings, auto Member, auto Parse, class Show = AsItIs>
Row<Settings> row(KeyHelp help) {
  return {std::move(help),
          [](Settings& settings, std::string_view text, const Origin& origin) -> base::Result<void> {
            auto value = Parse(text);
            if (!value) return base::forward(value);
            settings.*Member = {std::move(*value), origin};
            return {};
          },
          [](const Settings& settings) { return Show()((settings.*Member).value); },
          [](const Settings& settings) -> const Origin& { return (settings.*Member).origin; }};
}

/// Goes through the sources in rising order and assigns what they hold to `Settings`.
template <class Settings>
class Loader {
 public:
  /// `ignored`: keys of the file that other programs know and we have no use for; they earn a warning.
  /// `lists` takes entries of the file that belong to a list; false: it knows no such list.
  using Lists = base::Result<bool> (*)(Settings& settings, const Entry& entry, const Origin& origin);
  Loader(std::span<const Row<Settings>> rows, std::span<const std::string_view> ignored,
         const Sources& sources, Lists lists = nullptr)
      : rows_(rows), ignored_(ignored), sources_(sources), lists_(lists) {}

  base::Result<void> defaults(Settings& settings) const {
    for (const auto& row : rows_) {
      if (auto done = row.assign(settings, row.help.default_value, {}); !done) return done;
    }
    return {};
  }

  base::Result<void> file(Settings& settings, std::string_view text, std::string_view section,
                          const std::string& path) const {
    const auto entries = read_entries(text, section, path);
    if (!entries) return base::forward(entries);
    if (!*entries) return {};
    for (const Entry& entry : **entries) {
      if (auto done = file_entry(settings, entry, path); !done) return done;
    }
    return {};
  }

  base::Result<void> environment(Settings& settings) const {
    for (const auto& row : rows_) {
      for (const std::string_view name : row.help.environment) {
        const auto text = sources_.environment.get(name);
        if (!text) continue;
        if (auto done = assign(settings, row, *text, Origin::environment(std::string(name))); !done)
          return done;
        break;
      }
    }
    return {};
  }

  base::Result<void> flags(Settings& settings) const {
    for (const Override& flag : sources_.flags) {
      const auto row = std::ranges::find(rows_, flag.key, [](const auto& r) { return r.help.key; });
      if (row == rows_.end()) return base::failure(base::ErrorCode::internal, "no setting for " + flag.flag);
      if (auto done = assign(settings, *row, flag.value, Origin::flag(flag.flag)); !done) {
        auto error = done.error();
        error.reason = "usage";
        return tl::unexpected(error);
      }
    }
    return {};
  }

 private:
  base::Result<void> file_entry(Settings& settings, const Entry& entry, const std::string& path) const {
    const Origin origin = Origin::file(path, entry.line);
    for (const auto& row : rows_) {
      if (row.help.key != entry.key &&
          std::ranges::find(row.help.aliases, entry.key) == row.help.aliases.end())
        continue;
      if (row.origin(settings).kind == Origin::Kind::file) {
        return failure_at(origin, row.help.key, "is given twice, the second time as '" + entry.key + "'");
      }
      const auto text = expand(entry.value);
      if (!text) return failure_at(origin, row.help.key, text.error().message);
      // `key:` with nothing behind it means: as if the line were not there.
      return text->empty() ? base::Result<void>() : assign(settings, row, *text, origin);
    }
    if (lists_ != nullptr) {
      const auto taken = lists_(settings, entry, origin);
      if (!taken) return base::forward(taken);
      if (*taken) return {};
    }
    if (std::ranges::find(ignored_, entry.key) != ignored_.end()) {
      settings.warnings.push_back(to_string(origin) + ": '" + entry.key + "' has no effect");
      return {};
    }
    return unknown(entry, origin);
  }

  base::Result<void> unknown(const Entry& entry, const Origin& origin) const {
    std::vector<std::string_view> known;
    for (const auto& row : rows_) {
      if (entry.key.starts_with(std::string(row.help.key) + "["))
        return failure_at(origin, row.help.key, "must be one value, not a list");
      known.push_back(row.help.key);
    }
    const std::string_view near = base::nearest(entry.key, known);
    std::string message = to_string(origin) + ": unknown key '" + base::one_line(entry.key, 60) + "'";
    if (!near.empty()) message += "; did you mean '" + std::string(near) + "'?";
    return base::failure(base::ErrorCode::configuration, std::move(message));
  }

  // A value that is "${NAME}" as a whole is taken from the environment.
  base::Result<std::string> expand(const std::string& text) const {
    if (!text.starts_with("${") || !text.ends_with('}')) return text;
    const std::string name = text.substr(2, text.size() - 3);
    if (const auto value = sources_.environment.get(name)) return std::string(*value);
    return base::failure(base::ErrorCode::configuration,
                         "refers to the variable " + name + ", which is not set");
  }

  base::Result<void> assign(Settings& settings, const Row<Settings>& row, std::string_view text,
                            const Origin& origin) const {
    const auto done = row.assign(settings, text, origin);
    if (!done) return failure_at(origin, row.help.key, done.error().message);
    return {};
  }

  static tl::unexpected<base::Error> failure_at(const Origin& origin, std::string_view key,
                                                const std::string& what) {
    return base::failure_at(std::string(key), base::ErrorCode::configuration,
                            to_string(origin) + ": " + std::string(key) + " " + what);
  }

  std::span<const Row<Settings>> rows_;
  std::span<const std::string_view> ignored_;
  const Sources& sources_;
  Lists lists_;
};

/// What a shell does for a flag nobody does for a line of the file.
inline void expand_home_in(std::initializer_list<Setting<std::string>*> files, const Paths& paths) {
  for (auto* const file : files) file->value = expand_home(file->value, paths.home).string();
}

template <class Settings>
std::vector<KeyHelp> help_of(std::span<const Row<Settings>> rows) {
  std::vector<KeyHelp> help;
  for (const auto& row : rows) help.push_back(row.help);
  return help;
}

template <class Settings>
std::vector<Shown> shown(std::span<const Row<Settings>> rows, const Settings& settings) {
  std::vector<Shown> list;
  for (const auto& row : rows)
    list.push_back({row.help.key, row.value(settings), to_string(row.origin(settings))});
  return list;
}

}  // namespace agentpipe::config
