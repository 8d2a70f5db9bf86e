#include "zip_file.hpp"

#include <minizip/unzip.h>

#include <array>

namespace agentpipe::formats {
namespace {

constexpr std::size_t k_piece = 64UL << 10U;
constexpr std::size_t k_longest_name = 1024;
constexpr uLong k_encrypted = 1;
/// An archive of more entries is no export.
constexpr int k_max_entries = 1'000'000;

tl::unexpected<base::Error> broken(std::string what) {
  return base::failure(base::ErrorCode::invalid, std::move(what));
}

}  // namespace

void ZipFile::Close::operator()(void* archive) const {
  unzClose(archive);
}

base::Result<ZipFile> ZipFile::open(const std::filesystem::path& path) {
  void* archive = unzOpen64(path.c_str());
  if (archive == nullptr) return broken("not a zip archive, or its end is missing");
  return ZipFile(archive);
}

base::Result<void> ZipFile::each(const std::function<Visit(const Entry&)>& visit) {
  auto code = unzGoToFirstFile(archive_.get());
  for (int entries = 0; code == UNZ_OK && entries < k_max_entries; ++entries) {
    unz_file_info64 facts{};
    std::array<char, k_longest_name> name{};
    code =
        unzGetCurrentFileInfo64(archive_.get(), &facts, name.data(), name.size() - 1, nullptr, 0, nullptr, 0);
    if (code != UNZ_OK) break;
    if (visit({name.data(), (facts.flag & k_encrypted) != 0}) == Visit::enough) return {};
    code = unzGoToNextFile(archive_.get());
  }
  if (code != UNZ_END_OF_LIST_OF_FILE) return broken("the zip archive's list of files is damaged");
  return {};
}

base::Result<void> ZipFile::read(const std::function<Visit(std::string_view)>& take) {
  if (unzOpenCurrentFile(archive_.get()) != UNZ_OK) return broken("it is packed in a way that is not known");
  std::string room(k_piece, '\0');
  int count = 0;
  auto wish = Visit::next;
  while (wish == Visit::next) {
    count = unzReadCurrentFile(archive_.get(), room.data(), static_cast<unsigned>(room.size()));
    if (count <= 0) break;
    wish = take(std::string_view(room).substr(0, static_cast<std::size_t>(count)));
  }
  const auto closed = unzCloseCurrentFile(archive_.get());  // compares the checksum at the end
  if (wish == Visit::enough) return {};
  if (count < 0 || closed != UNZ_OK) return broken("the zip archive is damaged here");
  return {};
}

}  // namespace agentpipe::formats
