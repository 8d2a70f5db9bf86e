#pragma once

#include <mutex>

// clang's -Wthread-safety checks these; other compilers see nothing.
#if defined(__clang__)
#define AGENTPIPE_THREAD(x) __attribute__((x))
#else
#define AGENTPIPE_THREAD(x)
#endif

#define GUARDED_BY(x) AGENTPIPE_THREAD(guarded_by(x))
#define REQUIRES(x) AGENTPIPE_THREAD(requires_capability(x))
#define EXCLUDES(x) AGENTPIPE_THREAD(locks_excluded(x))

namespace agentpipe::base {

/// std::mutex with the annotations that libstdc++ lacks.
class AGENTPIPE_THREAD(capability("mutex")) Mutex {
 public:
  void lock() AGENTPIPE_THREAD(acquire_capability()) { mutex_.lock(); }
  void unlock() AGENTPIPE_THREAD(release_capability()) { mutex_.unlock(); }
  bool try_lock() AGENTPIPE_THREAD(try_acquire_capability(true)) { return mutex_.try_lock(); }

 private:
  std::mutex mutex_;
};

/// Holds the mutex for its life; works with std::condition_variable_any.
class AGENTPIPE_THREAD(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) AGENTPIPE_THREAD(acquire_capability(mutex)) : mutex_(mutex) {
    mutex_.lock();
  }
  ~MutexLock() AGENTPIPE_THREAD(release_capability()) {
    if (locked_) mutex_.unlock();
  }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

  void lock() AGENTPIPE_THREAD(acquire_capability()) {
    mutex_.lock();
    locked_ = true;
  }
  void unlock() AGENTPIPE_THREAD(release_capability()) {
    locked_ = false;
    mutex_.unlock();
  }

 private:
  Mutex& mutex_;
  bool locked_ = true;
};

}  // namespace agentpipe::base
