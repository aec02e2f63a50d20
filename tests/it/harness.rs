//! The supports themselves hold.

use crate::support::material;

#[test]
fn material_is_a_folder_that_exists() {
    let Some(folder) = material("amounts-money") else { return };
    assert!(folder.join("rmb_uppercase.json").is_file());
}
