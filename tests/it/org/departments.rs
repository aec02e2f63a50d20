//! Departments as a tree.

use qiyue::kernel::DepartmentId;
use qiyue::org::{DepartmentFields, OrgError, UserFields};

use super::{House, fields};
use crate::support::on_both;

fn department(code: &str, parent: Option<DepartmentId>) -> DepartmentFields {
    DepartmentFields { code: code.into(), name: format!("部门{code}"), parent, head: None, active: true }
}

async fn make(house: &House, code: &str, parent: Option<DepartmentId>) -> DepartmentId {
    house.org.create_department(&house.admin, department(code, parent)).await.unwrap()
}

#[tokio::test]
async fn a_tree_of_any_depth_is_listed_from_its_roots() {
    on_both(async |db| {
        let house = House::new(db).await;
        let group = make(&house, "JT", None).await;
        let province = make(&house, "SH", Some(group)).await;
        make(&house, "SH-XS", Some(province)).await;
        make(&house, "BJ", Some(group)).await;
        let tree = house.org.departments().await.unwrap();
        let shape: Vec<(usize, &str)> = tree.iter().map(|(depth, one)| (*depth, one.code.as_str())).collect();
        assert_eq!(shape, [(0, "JT"), (1, "BJ"), (1, "SH"), (2, "SH-XS")]);
        assert_eq!(house.org.directory().departments[&province].parent, Some(group));
    })
    .await;
}

#[tokio::test]
async fn a_department_cannot_hang_below_itself() {
    on_both(async |db| {
        let house = House::new(db).await;
        let group = make(&house, "JT", None).await;
        let below = make(&house, "SH", Some(group)).await;
        let circle = house.org.edit_department(&house.admin, group, 1, department("JT", Some(below))).await;
        assert_eq!(circle, Err(OrgError::DepartmentParent));
        let same = house.org.create_department(&house.admin, department("SH", None)).await;
        assert_eq!(same, Err(OrgError::DepartmentCodeTaken));
    })
    .await;
}

#[tokio::test]
async fn a_department_with_people_or_open_departments_is_not_closed() {
    on_both(async |db| {
        let house = House::new(db).await;
        let group = make(&house, "JT", None).await;
        let below = make(&house, "SH", Some(group)).await;
        let close = async |id: DepartmentId, code: &str, parent| {
            let version = house.org.department(id).await.unwrap().version;
            let closed = DepartmentFields { active: false, ..department(code, parent) };
            house.org.edit_department(&house.admin, id, version, closed).await
        };
        let member = UserFields { department: Some(below), ..fields("zhang", &[]) };
        let (zhang, _) = house.org.create_user(&house.admin, member, None).await.unwrap();
        assert_eq!(close(group, "JT", None).await, Err(OrgError::DepartmentInUse));
        assert_eq!(close(below, "SH", Some(group)).await, Err(OrgError::DepartmentInUse));
        house.org.edit_user(&house.admin, zhang, house.version(zhang).await, fields("zhang", &[])).await.unwrap();
        close(below, "SH", Some(group)).await.unwrap();
        let late = UserFields { department: Some(below), ..fields("li", &[]) };
        assert_eq!(house.org.create_user(&house.admin, late, None).await.unwrap_err(), OrgError::Department);
        close(group, "JT", None).await.unwrap();
    })
    .await;
}
