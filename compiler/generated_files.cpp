#include "compiler/generated_files.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>
#include <map>

namespace ecc {
namespace {

namespace vfs = llvm::vfs;

/// Adds a file to the layer in memory when somebody first asks for its path.
class LazyLayer : public vfs::ProxyFileSystem {
public:
    LazyLayer(const std::vector<GeneratedFile>& files,
              llvm::IntrusiveRefCntPtr<vfs::InMemoryFileSystem> memory)
        : ProxyFileSystem(memory), memory_(std::move(memory)), files_(files) {}

    std::error_code setCurrentWorkingDirectory(const llvm::Twine& folder) override {
        const std::error_code error = ProxyFileSystem::setCurrentWorkingDirectory(folder);
        pending_.clear();
        for (const GeneratedFile& file : files_)
            pending_.emplace(normal(file.path.string()), &file);
        return error;
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
    std::string normal(const llvm::Twine& path) const {
        llvm::SmallString<256> text;
        path.toVector(text);
        (void)makeAbsolute(text);
        llvm::sys::path::remove_dots(text, true);
        return text.str().str();
    }

    void make(const llvm::Twine& path) {
        auto found = pending_.find(normal(path));
        if (found == pending_.end())
            return;
        const GeneratedFile& file = *found->second;
        pending_.erase(found);
        if (const std::optional<std::string> text = file.text())
            memory_->addFile(path, 0, llvm::MemoryBuffer::getMemBufferCopy(*text));
    }

    llvm::IntrusiveRefCntPtr<vfs::InMemoryFileSystem> memory_;
    const std::vector<GeneratedFile>& files_;
    std::map<std::string, const GeneratedFile*> pending_; ///< by absolute path
};

} // namespace

llvm::IntrusiveRefCntPtr<vfs::FileSystem> with_generated_files(const std::vector<GeneratedFile>& files) {
    // A layer takes over the current folder, which may have been removed.
    if (!vfs::getRealFileSystem()->getCurrentWorkingDirectory())
        return nullptr;
    auto layers = llvm::makeIntrusiveRefCnt<vfs::OverlayFileSystem>(vfs::getRealFileSystem());
    auto memory = llvm::makeIntrusiveRefCnt<vfs::InMemoryFileSystem>();
    // The folder exists before its files do: clang drops a search path that it does not find.
    memory->addFile(std::string(generated_folder) + "/.folder", 0, llvm::MemoryBuffer::getMemBuffer(""));
    layers->pushOverlay(llvm::makeIntrusiveRefCnt<LazyLayer>(files, std::move(memory)));
    return layers;
}

} // namespace ecc
