#include "pieces_source.hpp"

#include <optional>
#include <string>
#include <utility>

#include "agentpipe/base/log.hpp"
#include "agentpipe/base/thread_annotations.hpp"

namespace agentpipe::http {

namespace {

/// What a worker brings back; it keeps the document alive until it is done.
struct Desk {
  explicit Desk(std::unique_ptr<service::Pieces> work) : pieces(std::move(work)) {}
  std::unique_ptr<service::Pieces> pieces;  // the worker's while one is under way
  base::Mutex mutex;
  std::optional<base::Result<std::string>> piece GUARDED_BY(mutex);
};

class PiecesSource final : public BodySource {
 public:
  PiecesSource(Workers& workers, std::unique_ptr<service::Pieces> pieces)
      : workers_(workers), desk_(std::make_shared<Desk>(std::move(pieces))) {}

  void start(std::function<void()> wake) override { wake_ = std::move(wake); }

  Next pull(std::vector<hub::Slice>& out) override {
    if (!waiting_) return order();
    std::optional<base::Result<std::string>> piece;
    {
      const base::MutexLock lock(desk_->mutex);
      piece = std::exchange(desk_->piece, std::nullopt);
    }
    if (!piece) return Next::nothing;
    waiting_ = false;
    if (!*piece) {
      base::log(base::LogLevel::error, "a download broke off", {{"detail", piece->error().detail}});
      return Next::failed;
    }
    if ((*piece)->empty()) return Next::end;
    out.push_back({std::make_shared<const std::string>(std::move(**piece)), 0});
    return Next::data;
  }

 private:
  Next order() {
    waiting_ = true;
    const bool taken = workers_.run([desk = desk_, wake = wake_] {
      auto piece = desk->pieces->next();
      {
        const base::MutexLock lock(desk->mutex);
        desk->piece = std::move(piece);
      }
      wake();
    });
    return taken ? Next::nothing : Next::failed;
  }

  Workers& workers_;
  std::shared_ptr<Desk> desk_;
  std::function<void()> wake_;
  bool waiting_ = false;
};

}  // namespace

std::unique_ptr<BodySource> make_pieces_source(Workers& workers, std::unique_ptr<service::Pieces> pieces) {
  return std::make_unique<PiecesSource>(workers, std::move(pieces));
}

}  // namespace agentpipe::http
