#include <algorithm>

#include "agentpipe/base/log.hpp"
#include "disk_spool_parts.hpp"

namespace agentpipe::delivery {

namespace {

namespace fs = std::filesystem;
using Open = FileSystem::Open;

base::Result<std::unique_ptr<File>> lock_source(FileSystem& files, base::Clock& clock, const fs::path& folder,
                                                Open how) {
  auto lock = files.open(folder / k_lock_file, how);
  if (!lock) return lock;
  if (!take_source(**lock, clock)) {
    return base::failure(base::ErrorCode::conflict, "another process has " + folder.string());
  }
  return lock;
}

}  // namespace

base::Result<std::unique_ptr<DiskSpool>> DiskSpool::create(FileSystem& files, base::Clock& clock,
                                                           SpoolSpace& space, fs::path folder,
                                                           DiskSpoolOptions options) {
  if (auto made = files.make_folder(folder); !made) return base::forward(made);
  auto lock = lock_source(files, clock, folder, Open::create);
  if (!lock) return base::forward(lock);
  if (auto reserved = files.reserve(folder / k_reserve_file, k_reserved_bytes); reserved) {
    space.took(k_reserved_bytes);
  }
  auto parts = std::make_unique<Parts>(files, folder, Role::writer, std::move(*lock), SourceFiles{}, nullptr);
  return std::unique_ptr<DiskSpool>(
      new DiskSpool(files, clock, space, std::move(folder), std::move(options), std::move(parts)));
}

base::Result<std::unique_ptr<DiskSpool>> DiskSpool::adopt(FileSystem& files, base::Clock& clock,
                                                          SpoolSpace& space, fs::path folder) {
  auto lock = lock_source(files, clock, folder, Open::modify);
  if (!lock) return base::forward(lock);
  if (auto marked = (*lock)->write_at(0, k_heir_mark); !marked)
    base::log(base::LogLevel::debug, "cannot write to the spool", {{"detail", marked.error().message}});
  auto found = survey_source(files, folder, Survey::repair);
  if (!found) return base::forward(found);
  const RecordNumber last = std::max(found->last, found->acknowledged);
  const RecordNumber acknowledged = found->acknowledged;
  const std::uint64_t letters = found->dead_letters;
  // Filled in below: the callback needs the spool, and the spool the parts.
  auto self = std::make_shared<DiskSpool*>(nullptr);
  const auto on_conflict = [self](const SpoolLine& line) {
    (*self)->keep_conflict({line.number, std::string(line.json)});
  };
  auto parts =
      std::make_unique<Parts>(files, folder, Role::heir, std::move(*lock), std::move(*found), on_conflict);
  std::unique_ptr<DiskSpool> spool(
      new DiskSpool(files, clock, space, std::move(folder), {}, std::move(parts)));
  *self = spool.get();
  const base::MutexLock locked(spool->mutex_);
  spool->last_ = spool->written_ = spool->synced_ = last;
  spool->acknowledged_ = acknowledged;
  spool->dead_letters_ = letters;
  return spool;
}

DiskSpool::DiskSpool(FileSystem& files, base::Clock& clock, SpoolSpace& space, fs::path folder,
                     DiskSpoolOptions options, std::unique_ptr<Parts> parts)
    : files_(files),
      clock_(clock),
      space_(space),
      folder_(std::move(folder)),
      options_(std::move(options)),
      parts_(std::move(parts)) {}

DiskSpool::~DiskSpool() = default;

}  // namespace agentpipe::delivery
