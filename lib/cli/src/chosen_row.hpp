#pragma once

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstddef>

namespace agentpipe::cli {

/// Adds a subcommand for each row (`name`, `summary`) to `group`; `describe(command, row)` gives it its
/// options. What comes back tells after parsing which row was chosen; null when none was. The rows must live
/// as long.
template <class Row, std::size_t N, class Describe>
auto add_rows(CLI::App& group, const std::array<Row, N>& rows, Describe describe) {
  group.require_subcommand(1)->fallthrough();
  std::array<const CLI::App*, N> commands{};
  for (std::size_t i = 0; i < N; ++i) {
    auto* command = group.add_subcommand(rows[i].name, rows[i].summary);
    command->fallthrough();
    describe(*command, rows[i]);
    commands[i] = command;
  }
  return [commands, &rows]() -> const Row* {
    const auto chosen = std::ranges::find_if(commands, &CLI::App::parsed);
    return chosen == commands.end() ? nullptr : &rows[static_cast<std::size_t>(chosen - commands.begin())];
  };
}

}  // namespace agentpipe::cli
