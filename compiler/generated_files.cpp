#include "compiler/generated_files.h"

#include <llvm/Support/MemoryBuffer.h>
#include <map>

namespace ecc {
namespace {

namespace vfs = llvm::vfs;

/// Adds a file to the layer in memory when somebody first asks for its path.
class LazyLayer : public vfs::ProxyFileSystem {
public:
    LazyLayer(const std::vector<GeneratedFile>& files, llvm::IntrusiveRefCntPtr<vfs::InMemoryFileSystem> memory)
        : ProxyFileSystem(memory), memory_(std::move(memory)) {
        for (const GeneratedFile& file : files)
            pending_.emplace(file.path.string(), file.text);
    }
    llvm::ErrorOr<vfs::Status> status(const llvm::Twine& path) override {
        make(path);
        return ProxyFileSystem::status(path);
    }
    bool exists(const llvm::Twine& path) override {
        make(path);
        return ProxyFileSystem::exists(path);
    }
    llvm::ErrorOr<std::unique_ptr<vfs::File>> openFileForRead(const llvm::Twine& path) override {
        make(path);
        return ProxyFileSystem::openFileForRead(path);
    }

private:
    void make(const llvm::Twine& path) {
        llvm::SmallString<256> absolute;
        path.toVector(absolute);
        if (makeAbsolute(absolute))
            return;
        auto found = pending_.find(std::filesystem::path(absolute.str().str()).lexically_normal().string());
        if (found == pending_.end())
            return;
        const auto text = std::move(found->second);
        pending_.erase(found);
        if (std::optional<std::string> made = text())
            memory_->addFile(absolute, 0, llvm::MemoryBuffer::getMemBufferCopy(*made));
    }

    llvm::IntrusiveRefCntPtr<vfs::InMemoryFileSystem> memory_;
    std::map<std::string, std::function<std::optional<std::string>()>> pending_;
};

} // namespace

llvm::IntrusiveRefCntPtr<vfs::FileSystem> with_generated_files(const std::vector<GeneratedFile>& files) {
    auto layers = llvm::makeIntrusiveRefCnt<vfs::OverlayFileSystem>(vfs::getRealFileSystem());
    auto memory = llvm::makeIntrusiveRefCnt<vfs::InMemoryFileSystem>();
    // The folder exists before its files do: clang drops a search path that it does not find.
    memory->addFile(std::string(generated_folder) + "/.folder", 0, llvm::MemoryBuffer::getMemBuffer(""));
    layers->pushOverlay(llvm::makeIntrusiveRefCnt<LazyLayer>(files, std::move(memory)));
    return layers;
}

} // namespace ecc
