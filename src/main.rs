//! The command line of Qiyue; everything it does stands in `cli`.

// Buffers pass between the writer and those who wait for it all the time, which the allocator of glibc is slow at.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> std::process::ExitCode {
    qiyue::cli::main()
}
