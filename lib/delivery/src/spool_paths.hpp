#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

/// The names of SPOOL.md.
namespace agentpipe::delivery {

inline constexpr std::string_view k_lock_file = "lock";
/// What `lock` holds once somebody has adopted the source.
inline constexpr std::string_view k_heir_mark = "heir\n";
inline constexpr std::string_view k_ack_file = "ack";
inline constexpr std::string_view k_dead_file = "dead";
inline constexpr std::string_view k_fresh_dead_file = "dead.new";
inline constexpr std::string_view k_reserve_file = "reserve";
inline constexpr std::string_view k_damaged_folder = "damaged";
inline constexpr std::string_view k_journal_file = "journal.json";
inline constexpr std::uint64_t k_reserved_bytes = 64UL << 10U;

using Serial = std::uint32_t;

std::string segment_name(Serial serial);
std::optional<Serial> segment_serial(std::string_view name);
bool is_source_name(std::string_view name);
std::string new_source_name();
std::string destination_name(std::string_view url);

}  // namespace agentpipe::delivery
